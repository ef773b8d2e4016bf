package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What the exporters say of themselves, as metrics: the names of exporters are the host's. */
final class ExportMetrics {
  private static final AttributeKey<String> EXPORTER = AttributeKey.stringKey("exporter");
  private static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("signal");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  private final Supplier<List<ExporterHealth>> health;

  private ExportMetrics(Supplier<List<ExporterHealth>> health) {
    this.health = health;
  }

  static void register(Meter meter, String name, Supplier<List<ExporterHealth>> health) {
    ExportMetrics metrics = new ExportMetrics(health);
    meter
        .counterBuilder(name + "exports_total")
        .setUnit("{export}")
        .setDescription("Exports of telemetry by how they went")
        .buildWithCallback(metrics.each(OUTCOME, ExporterHealth::exports));
    meter
        .counterBuilder(name + "items_dropped_total")
        .setUnit("{item}")
        .setDescription("Spans and data points that will never arrive")
        .buildWithCallback(metrics.each(REASON, ExporterHealth::dropped));
    meter
        .counterBuilder(name + "items_delivered_total")
        .setUnit("{item}")
        .setDescription("Spans and data points that arrived")
        .buildWithCallback(metrics.each(ExporterHealth::delivered));
    meter
        .upDownCounterBuilder(name + "items_queued")
        .setUnit("{item}")
        .setDescription("Spans that wait for their export")
        .buildWithCallback(metrics.each(ExporterHealth::queued));
  }

  private Consumer<ObservableLongMeasurement> each(ToLongFunction<ExporterHealth> value) {
    return measurement -> {
      for (ExporterHealth exporter : health.get()) {
        measurement.record(
            value.applyAsLong(exporter),
            Attributes.of(EXPORTER, exporter.exporter(), SIGNAL, exporter.signal()));
      }
    };
  }

  private Consumer<ObservableLongMeasurement> each(
      AttributeKey<String> key, Function<ExporterHealth, Map<String, Long>> values) {
    return measurement -> {
      for (ExporterHealth exporter : health.get()) {
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
