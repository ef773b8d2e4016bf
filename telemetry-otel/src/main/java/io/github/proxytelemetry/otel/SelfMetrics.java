package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.CircuitBreaker;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the telemetry says of itself. Of its exporters the set-up says the rest. All names begin as
 * {@link OwnNames#telemetry} says:
 *
 * <ul>
 *   <li>{@code errors_total}: how often it threw and was kept away from traffic
 *   <li>{@code callback_errors_total} by callback: how often code of the host threw
 *   <li>{@code series_overflow_total} by limit: what was recorded as {@code _OTHER}
 *   <li>{@code late_calls_total} by call: what was told of something that had ended
 * </ul>
 */
final class SelfMetrics {
  final HostErrors hostErrors = new HostErrors();
  final Counts<LateUse> lateUses = new Counts<>(LateUse.class);
  final Counts<Limit> overflows = new Counts<>(Limit.class);

  private final List<AutoCloseable> callbacks = new ArrayList<>();

  /** What there is no more room for. */
  enum Limit {
    NAMES,
    SERIES
  }

  SelfMetrics(Meter meter, MetricNaming naming, CircuitBreaker breaker) {
    String name = OwnNames.telemetry(naming);
    counter(
        meter,
        name + "errors_total",
        "{error}",
        "Errors of the telemetry that were kept away from traffic",
        measurement -> measurement.record(breaker.failures()));
    callbacks.add(
        meter
            .gaugeBuilder(name + "guard_tripped")
            .ofLongs()
            .setDescription("1 while repeated errors keep the telemetry off, otherwise 0")
            .buildWithCallback(measurement -> measurement.record(breaker.isOpen() ? 1 : 0)));
    counter(
        meter,
        name + "callback_errors_total",
        "{error}",
        "What code of the host threw",
        by("callback", hostErrors.counts));
    counter(
        meter,
        name + "series_overflow_total",
        "{value}",
        "Values recorded as _OTHER for lack of room",
        by("limit", overflows)
            .andThen(
                told(
                    overflows,
                    "{0} values were recorded as _OTHER: the host gives more routes, names of"
                        + " upstreams or mixtures of labels than there is room for. "
                        + name
                        + "series_overflow_total counts them.")));
    counter(
        meter,
        name + "late_calls_total",
        "{call}",
        "Calls about what had ended already, which did nothing",
        by("call", lateUses)
            .andThen(
                told(
                    lateUses,
                    "{0} calls were about what had ended already, and did nothing: an adapter or"
                        + " the host ends something too early, or twice. "
                        + name
                        + "late_calls_total counts them.")));
  }

  void close() {
    Closing.all(callbacks);
  }

  private void counter(
      Meter meter,
      String name,
      String unit,
      String description,
      Consumer<ObservableLongMeasurement> value) {
    callbacks.add(
        meter
            .counterBuilder(name)
            .setUnit(unit)
            .setDescription(description)
            .buildWithCallback(value));
  }

  private static Consumer<ObservableLongMeasurement> told(Counts<?> counts, String remark) {
    GrowthLog log = new GrowthLog(remark);
    return measurement -> log.look(counts.sum());
  }

  private static Consumer<ObservableLongMeasurement> by(String label, Counts<?> counts) {
    AttributeKey<String> key = AttributeKey.stringKey(label);
    return measurement -> {
      for (Map.Entry<String, Long> count : counts.toMap().entrySet()) {
        measurement.record(count.getValue(), Attributes.of(key, count.getKey()));
      }
    };
  }
}
