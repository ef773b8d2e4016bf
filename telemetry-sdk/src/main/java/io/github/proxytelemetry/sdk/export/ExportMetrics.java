package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Metrics of the exporters: exports, items delivered, dropped and queued. */
final class ExportMetrics {
  private ExportMetrics() {}

  static void register(Meter meter, String name, List<ExportStats> exporters) {
    meter
        .counterBuilder(name + "exports_total")
        .setUnit("{export}")
        .setDescription("Exports of telemetry by how they went")
        .buildWithCallback(each(exporters, "outcome", ExportStats::exports));
    meter
        .counterBuilder(name + "items_dropped_total")
        .setUnit("{item}")
        .setDescription("Spans and data points that will never arrive")
        .buildWithCallback(each(exporters, "reason", ExportStats::dropped));
    meter
        .counterBuilder(name + "items_delivered_total")
        .setUnit("{item}")
        .setDescription("Spans and data points that arrived")
        .buildWithCallback(each(exporters, ExportStats::delivered));
    meter
        .upDownCounterBuilder(name + "items_queued")
        .setUnit("{item}")
        .setDescription("Spans that wait for their export")
        .buildWithCallback(each(exporters, ExportStats::queued));
  }

  private static Consumer<ObservableLongMeasurement> each(
      List<ExportStats> exporters, ToLongFunction<ExportStats> value) {
    return measurement ->
        exporters.forEach(
            exporter -> measurement.record(value.applyAsLong(exporter), exporter.attributes()));
  }

  private static Consumer<ObservableLongMeasurement> each(
      List<ExportStats> exporters, String key, Function<ExportStats, Map<String, Long>> values) {
    return measurement ->
        exporters.forEach(
            exporter ->
                values
                    .apply(exporter)
                    .forEach(
                        (label, value) ->
                            measurement.record(
                                value, exporter.attributes().toBuilder().put(key, label).build())));
  }
}
