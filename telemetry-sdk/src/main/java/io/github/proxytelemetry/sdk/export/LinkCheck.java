package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.List;
import java.util.ServiceConfigurationError;

/**
 * Check that the libraries on the class path fit together, by exporting two metrics and a span to
 * nowhere. A build that manages one of them to another version breaks what calls it, and without
 * this check only at the first export or scrape, on a thread that nobody watches.
 */
final class LinkCheck {
  private LinkCheck() {}

  /**
   * Rehearses the exports of a specification.
   *
   * @throws LinkageError if a class or a member is missing
   */
  static void run(SdkSpec spec) {
    if (spec.disabled) {
      return;
    }
    try {
      if (spec.otlp.stream().anyMatch(otlp -> otlp.http)) {
        rehearse(OtlpExporters.toNowhere(true));
      }
      if (spec.otlp.stream().anyMatch(otlp -> !otlp.http)) {
        rehearse(OtlpExporters.toNowhere(false));
      }
      if (!spec.prometheus.isEmpty()) {
        ScrapeRehearsal.run();
      }
    } catch (RuntimeException | ServiceConfigurationError e) {
      // Not a matter of versions: where it comes again, the export tells it.
    }
  }

  /** Records one of each kind of instrument. */
  static void record(MetricReader reader) {
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(reader)
            .setExemplarFilter(ExemplarFilter.alwaysOff())
            .build();
    var meter = provider.get("rehearsal");
    meter.counterBuilder("counter").setUnit("{request}").build().add(1);
    meter.histogramBuilder("histogram").setUnit("s").build().record(1);
  }

  private static void rehearse(OtlpExporters exporters) {
    ManualReader reader = new ManualReader();
    record(reader);
    MetricExporter metrics = exporters.metrics();
    metrics.export(List.copyOf(reader.collect()));
    metrics.shutdown();
    SpanExporter spans = exporters.spans();
    SdkTracerProvider tracers =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build();
    tracers.get("rehearsal").spanBuilder("span").startSpan().end();
    tracers.shutdown();
  }
}
