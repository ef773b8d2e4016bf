package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;

/**
 * OpenTelemetry that belongs to the telemetry itself. Sampling is decided before a span is started,
 * so that an exchange that is not sampled has no span object.
 */
public interface OwnedOpenTelemetry extends OpenTelemetry {
  /** Whether any exporter is configured. Without one the telemetry is off. */
  boolean isEnabled();

  /** Whether any exporter takes traces. Without one trace headers pass through untouched. */
  boolean exportsTraces();

  /** The head sampling of traces that start here. */
  Sampling sampling();

  /**
   * Tracers of the recorder, which record every span: sampling is decided before one is started. A
   * span that the host starts is recorded only if its parent is.
   */
  default TracerProvider recordingTracers() {
    return getTracerProvider();
  }

  /** The hints that its id generator understands. */
  SpanHints hints();

  /**
   * Registers the metrics of the exporters themselves.
   *
   * @param prefix the prefix of their names, such as {@code privacy_proxy_telemetry_}
   */
  void registerExportMetrics(String prefix);

  /**
   * Whether histograms keep exemplars. Told once, before any instrument is registered; without it
   * there are none.
   */
  default void exemplars(boolean on) {}

  /**
   * Tells how the recorder names its metrics, and whether it records nothing about single requests.
   */
  default void recordingAs(MetricNaming naming, boolean strict) {}
}
