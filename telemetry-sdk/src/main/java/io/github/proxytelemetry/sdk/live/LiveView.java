package io.github.proxytelemetry.sdk.live;

import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** View of a running telemetry from within its process. Thread-safe. */
public interface LiveView {
  /** The view of an OpenTelemetry, {@code null} where it keeps none. */
  static @Nullable LiveView of(OpenTelemetry openTelemetry) {
    return openTelemetry instanceof Source source ? source.live() : null;
  }

  /** Naming of the metrics. */
  MetricNaming naming();

  /** Whether nothing is recorded about single requests. */
  boolean isStrict();

  /**
   * Collects the telemetry's own metrics, cumulative since the start. Runs the callbacks of the
   * host's gauges, on this thread.
   */
  Collection<MetricData> metrics();

  /** The spans that ended last, in the order of their ends. */
  List<SpanData> spans();

  /** An OpenTelemetry that may keep a view. */
  interface Source extends OpenTelemetry {
    /** The view, {@code null} where none is kept. */
    @Nullable LiveView live();
  }
}
