package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Metrics of the runtime and of the process, for the exporters that have them switched on. Each of
 * the two has a meter provider of its own, as a provider's readers get all of its metrics.
 */
final class HostMetrics {
  private final List<MetricReader> jvm = new ArrayList<>();
  private final List<MetricReader> process = new ArrayList<>();
  private final List<Runnable> closers = new ArrayList<>();
  private final Resource resource;

  HostMetrics(Resource resource) {
    this.resource = resource;
  }

  void add(boolean wantsJvm, boolean wantsProcess, Supplier<MetricReader> exporter) {
    if (wantsJvm) {
      jvm.add(exporter.get());
    }
    if (wantsProcess) {
      process.add(exporter.get());
    }
  }

  /**
   * Starts the measurements.
   *
   * @throws IllegalStateException if the library for the runtime is missing
   */
  void start() {
    if (!jvm.isEmpty()) {
      start(jvm, JvmMetrics::start);
    }
    if (!process.isEmpty()) {
      start(process, ProcessMetrics::start);
    }
  }

  void close() {
    closers.forEach(Runnable::run);
  }

  private void start(List<MetricReader> readers, Function<OpenTelemetry, Runnable> metrics) {
    SdkMeterProviderBuilder builder =
        SdkMeterProvider.builder()
            .setResource(resource)
            .setExemplarFilter(ExemplarFilter.alwaysOff());
    readers.forEach(builder::registerMetricReader);
    SdkMeterProvider provider = builder.build();
    closers.add(provider::close);
    // Stopped before its provider is closed.
    closers.add(0, metrics.apply(new MetersOnly(provider)));
  }

  /** Not {@code OpenTelemetrySdk}, for the reason given at {@link SdkOpenTelemetry}. */
  private record MetersOnly(MeterProvider meters) implements OpenTelemetry {
    @Override
    public MeterProvider getMeterProvider() {
      return meters;
    }

    @Override
    public TracerProvider getTracerProvider() {
      return TracerProvider.noop();
    }

    @Override
    public ContextPropagators getPropagators() {
      return ContextPropagators.noop();
    }
  }
}
