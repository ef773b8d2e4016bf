package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Metrics of the exporters: exports, items delivered, dropped and queued. */
final class ExportMetrics {
  private static final AttributeKey<String> EXPORTER = AttributeKey.stringKey("exporter");
  private static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("signal");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  private final List<ExportStats> exporters;

  private ExportMetrics(List<ExportStats> exporters) {
    this.exporters = exporters;
  }

  static void register(Meter meter, String name, List<ExportStats> exporters) {
    ExportMetrics metrics = new ExportMetrics(exporters);
    meter
        .counterBuilder(name + "exports_total")
        .setUnit("{export}")
        .setDescription("Exports of telemetry by how they went")
        .buildWithCallback(metrics.each(OUTCOME, ExportStats::exports));
    meter
        .counterBuilder(name + "items_dropped_total")
        .setUnit("{item}")
        .setDescription("Spans and data points that will never arrive")
        .buildWithCallback(metrics.each(REASON, ExportStats::dropped));
    meter
        .counterBuilder(name + "items_delivered_total")
        .setUnit("{item}")
        .setDescription("Spans and data points that arrived")
        .buildWithCallback(metrics.each(ExportStats::delivered));
    meter
        .upDownCounterBuilder(name + "items_queued")
        .setUnit("{item}")
        .setDescription("Spans that wait for their export")
        .buildWithCallback(metrics.each(ExportStats::queued));
  }

  private Consumer<ObservableLongMeasurement> each(ToLongFunction<ExportStats> value) {
    return measurement -> {
      for (ExportStats exporter : exporters) {
        measurement.record(
            value.applyAsLong(exporter),
            Attributes.of(EXPORTER, exporter.exporter(), SIGNAL, exporter.signal()));
      }
    };
  }

  private Consumer<ObservableLongMeasurement> each(
      AttributeKey<String> key, Function<ExportStats, Map<String, Long>> values) {
    return measurement -> {
      for (ExportStats exporter : exporters) {
        values
            .apply(exporter)
            .forEach(
                (label, value) ->
                    measurement.record(
                        value,
                        Attributes.of(
                            EXPORTER, exporter.exporter(), SIGNAL, exporter.signal(), key, label)));
      }
    };
  }
}
