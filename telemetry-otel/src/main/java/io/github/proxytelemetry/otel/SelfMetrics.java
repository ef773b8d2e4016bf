package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongCounter;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the telemetry says of itself. Of its exporters the set-up says the rest:
 *
 * <ul>
 *   <li>{@code telemetry_errors_total}: how often it threw and was kept away from traffic
 *   <li>{@code telemetry_exports_total} by exporter, signal and outcome
 *   <li>{@code telemetry_items_delivered_total}, {@code telemetry_items_queued} by exporter and
 *       signal; an item is a span or a data point
 *   <li>{@code telemetry_items_dropped_total} by exporter, signal and reason
 * </ul>
 *
 * <p>All have the prefix of the other names.
 */
final class SelfMetrics {
  private static final String DEFAULT_PREFIX = "privacy_proxy_";

  private final LongAdder errors = new LongAdder();
  private final ObservableLongCounter counter;

  SelfMetrics(Meter meter, String prefix) {
    this.counter =
        meter
            .counterBuilder(prefix + "telemetry_errors_total")
            .setUnit("{error}")
            .setDescription("Errors of the telemetry that were kept away from traffic")
            .buildWithCallback(measurement -> measurement.record(errors.sum()));
  }

  /** What a naming puts before the names that are ours. */
  static String prefix(MetricNaming naming) {
    String own = Instrument.TUNNELS_ACTIVE.name().toLowerCase(Locale.ROOT);
    String name = naming.name(Instrument.TUNNELS_ACTIVE);
    return name != null && name.endsWith(own)
        ? name.substring(0, name.length() - own.length())
        : DEFAULT_PREFIX;
  }

  void error() {
    errors.increment();
  }

  void close() {
    counter.close();
  }
}
