package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurablePropagatorProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Look-up of the AWS X-Ray propagator as a service: its module is named after its file, so that a
 * descriptor should not require it.
 */
final class XrayPropagation {
  private XrayPropagation() {}

  static TextMapPropagator find() {
    ServiceLoader<ConfigurablePropagatorProvider> providers =
        ServiceLoader.load(
            ConfigurablePropagatorProvider.class, XrayPropagation.class.getClassLoader());
    for (ConfigurablePropagatorProvider provider : providers) {
      if (provider.getName().equals("xray")) {
        return provider.getPropagator(new NoProperties());
      }
    }
    throw new IllegalStateException(
        "propagator xray: is missing; expected"
            + " io.opentelemetry.contrib:opentelemetry-aws-xray-propagator on the class path or"
            + " module path, with its META-INF/services");
  }

  /** Configuration without entries. */
  private static final class NoProperties implements ConfigProperties {
    @Override
    public @Nullable String getString(String name) {
      return null;
    }

    @Override
    public @Nullable Boolean getBoolean(String name) {
      return null;
    }

    @Override
    public @Nullable Integer getInt(String name) {
      return null;
    }

    @Override
    public @Nullable Long getLong(String name) {
      return null;
    }

    @Override
    public @Nullable Double getDouble(String name) {
      return null;
    }

    @Override
    public @Nullable Duration getDuration(String name) {
      return null;
    }

    @Override
    public List<String> getList(String name) {
      return List.of();
    }

    @Override
    public Map<String, String> getMap(String name) {
      return Map.of();
    }
  }
}
