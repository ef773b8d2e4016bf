package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.CircuitBreaker;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Metrics of the telemetry itself, apart from its exporters. All names begin as {@link
 * TelemetryNames#telemetry} does:
 *
 * <ul>
 *   <li>{@code errors_total}: errors that were kept away from traffic
 *   <li>{@code guard_tripped}: whether repeated errors keep the telemetry off for a while
 *   <li>{@code callback_errors_total} by callback: errors thrown by code of the host
 *   <li>{@code series_overflow_total} by limit: values recorded as {@code _OTHER}
 *   <li>{@code late_calls_total} by call: calls received after an observation ended
 * </ul>
 */
public final class SelfMetrics {
  public final CallbackErrors callbackErrors = new CallbackErrors();
  public final EventCounts<LateCall> lateCalls = new EventCounts<>(LateCall.class);
  public final EventCounts<Limit> overflows = new EventCounts<>(Limit.class);

  private final Callbacks callbacks = new Callbacks();

  /** A limit on the number of names or series. */
  public enum Limit {
    NAMES,
    SERIES
  }

  public SelfMetrics(Meter meter, MetricNaming naming, CircuitBreaker breaker) {
    String name = TelemetryNames.telemetry(naming);
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
        "Errors thrown by callbacks of the host",
        by("callback", callbackErrors.counts));
    counter(
        meter,
        name + "series_overflow_total",
        "{value}",
        "Values recorded as _OTHER because a limit was reached",
        by("limit", overflows)
            .andThen(
                logged(
                    overflows,
                    "{0} values were recorded as _OTHER: the host uses more routes, names of"
                        + " upstreams or combinations of labels than the limits allow. "
                        + name
                        + "series_overflow_total counts them.")));
    counter(
        meter,
        name + "late_calls_total",
        "{call}",
        "Calls received after an observation ended, which are ignored",
        by("call", lateCalls)
            .andThen(
                logged(
                    lateCalls,
                    "{0} calls came after their observation had ended, and were ignored: an"
                        + " adapter or the host ends it too early, or twice. "
                        + name
                        + "late_calls_total counts them.")));
  }

  public void close() {
    callbacks.close();
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

  private static Consumer<ObservableLongMeasurement> logged(EventCounts<?> counts, String message) {
    GrowthLog log = new GrowthLog(message);
    return measurement -> log.check(counts.sum());
  }

  private static Consumer<ObservableLongMeasurement> by(String label, EventCounts<?> counts) {
    AttributeKey<String> key = AttributeKey.stringKey(label);
    return measurement -> {
      for (Map.Entry<String, Long> count : counts.toMap().entrySet()) {
        measurement.record(count.getValue(), Attributes.of(key, count.getKey()));
      }
    };
  }
}
