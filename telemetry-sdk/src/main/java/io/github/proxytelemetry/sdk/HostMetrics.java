package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.OpenTelemetrySdk;
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
 * The metrics of the runtime and of the process, for the exporters that asked for them. Each of the
 * two has a provider of its own: readers of the main one get all that is in it.
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
   * Begins to measure.
   *
   * @throws IllegalStateException if the library is missing that measures the runtime
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

  private void start(List<MetricReader> readers, Function<OpenTelemetrySdk, Runnable> metrics) {
    SdkMeterProviderBuilder builder =
        SdkMeterProvider.builder()
            .setResource(resource)
            .setExemplarFilter(ExemplarFilter.alwaysOff());
    readers.forEach(builder::registerMetricReader);
    OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setMeterProvider(builder.build()).build();
    closers.add(sdk::close);
    // First in, first out: nothing measures into a provider that is closed.
    closers.add(0, metrics.apply(sdk));
  }
}
