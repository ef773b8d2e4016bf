package io.github.proxytelemetry.sdk;

import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurablePropagatorProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The propagator of AWS X-Ray, as a service. Its module has no name but that of its file, which no
 * descriptor should require.
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
        "propagator xray: is missing, allowed is"
            + " io.opentelemetry.contrib:opentelemetry-aws-xray-propagator on the class path or"
            + " module path, with its META-INF/services");
  }

  /** It has none. */
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
