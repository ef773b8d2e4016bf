package io.github.proxytelemetry.sdk;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The exporters that OpenTelemetry's own variables ask for. */
final class StandardExporters {
  private static final String OTLP = "otlp";
  private static final String NONE = "none";
  private static final String PROMETHEUS = "prometheus";
  private static final String PROMETHEUS_HOST = "OTEL_EXPORTER_PROMETHEUS_HOST";
  private static final String PROMETHEUS_PORT = "OTEL_EXPORTER_PROMETHEUS_PORT";
  private static final int MAX_PORT = 65535;

  private final Settings settings;
  private final OtlpVariables traces;
  private final OtlpVariables metrics;

  StandardExporters(Settings settings) {
    this.settings = settings;
    this.traces = new OtlpVariables(settings, "traces");
    this.metrics = new OtlpVariables(settings, "metrics");
  }

  /**
   * Adds them. A signal that somebody else decides about is left alone: traces altogether, metrics
   * unless {@code OTEL_METRICS_EXPORTER} asks for them by name.
   */
  void addTo(ProxyTelemetrySdkBuilder sdk, boolean tracesDecided, boolean metricsDecided) {
    Setting traceExporter = settings.get("OTEL_TRACES_EXPORTER");
    Setting metricExporter = settings.get("OTEL_METRICS_EXPORTER");
    Set<String> forTraces = exporters(traceExporter, traces, "are otlp, and none alone");
    Set<String> forMetrics =
        exporters(metricExporter, metrics, "are otlp, prometheus, and none alone");
    if (traceExporter != null && forTraces.contains(PROMETHEUS)) {
      throw traceExporter.invalid("are otlp, and none alone");
    }
    boolean exportsTraces = forTraces.contains(OTLP) && !tracesDecided;
    boolean exportsMetrics =
        forMetrics.contains(OTLP) && !(metricsDecided && metricExporter == null);
    if (exportsTraces && exportsMetrics && traces.isGeneral() && metrics.isGeneral()) {
      traces.add(sdk, null, true, true);
    } else {
      if (exportsTraces) {
        traces.add(sdk, exportsMetrics ? "otlp-traces" : null, true, false);
      }
      if (exportsMetrics) {
        metrics.add(sdk, exportsTraces ? "otlp-metrics" : null, false, true);
      }
    }
    if (forMetrics.contains(PROMETHEUS)) {
      addPrometheus(sdk);
    }
  }

  private static Set<String> exporters(
      @Nullable Setting setting, OtlpVariables otlp, String allowed) {
    if (setting == null) {
      return otlp.hasEndpoint() ? Set.of(OTLP) : Set.of();
    }
    Set<String> names = new LinkedHashSet<>(setting.list());
    for (String name : names) {
      boolean known = name.equals(OTLP) || name.equals(PROMETHEUS) || name.equals(NONE);
      if (!known || (name.equals(NONE) && names.size() > 1)) {
        throw setting.invalid(allowed);
      }
    }
    return names;
  }

  private void addPrometheus(ProxyTelemetrySdkBuilder sdk) {
    Setting host = settings.get(PROMETHEUS_HOST);
    Setting port = settings.get(PROMETHEUS_PORT);
    sdk.prometheus(
        host == null ? "localhost" : host.text(),
        port == null ? 9464 : port.integer(0, MAX_PORT),
        options -> options.origin = host == null ? PROMETHEUS_HOST : host.key());
  }
}
