package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Meter provider, built when it is first needed: by then the recorder has told whether there are
 * exemplars, which cannot be changed afterwards. Thread-safe.
 */
final class Meters {
  private final SdkMeterProviderBuilder builder;
  private final ExemplarFilter filter;
  private boolean exemplars;
  private @Nullable SdkMeterProvider provider;

  /** The filter is for the time when exemplars are on. */
  Meters(SdkMeterProviderBuilder builder, ExemplarFilter filter) {
    this.builder = builder;
    this.filter = filter;
  }

  synchronized void exemplars(boolean on) {
    exemplars = on;
  }

  synchronized SdkMeterProvider provider() {
    if (provider == null) {
      provider = builder.setExemplarFilter(exemplars ? filter : ExemplarFilter.alwaysOff()).build();
    }
    return provider;
  }

  synchronized void shutdown() {
    if (provider != null) {
      provider.shutdown();
    }
  }
}
