package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.PrometheusSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reader of the exporters in OpenTelemetry's variables. */
final class StandardExporters {
  private static final String OTLP = "otlp";
  private static final String NONE = "none";
  private static final String PROMETHEUS = "prometheus";
  private static final String PROMETHEUS_HOST = "OTEL_EXPORTER_PROMETHEUS_HOST";
  private static final String PROMETHEUS_PORT = "OTEL_EXPORTER_PROMETHEUS_PORT";
  private static final int MAX_PORT = 65535;

  private final EffectiveConfig config;
  private final OtlpVariables traces;
  private final OtlpVariables metrics;

  StandardExporters(EffectiveConfig config) {
    this.config = config;
    this.traces = new OtlpVariables(config, "traces");
    this.metrics = new OtlpVariables(config, "metrics");
  }

  /**
   * Adds the exporters. A signal that other variables configure gets none: traces in any case,
   * metrics unless {@code OTEL_METRICS_EXPORTER} names an exporter.
   */
  void addTo(SdkSpec sdk, boolean configuredElsewhere) {
    ConfigValue traceExporter = config.get("OTEL_TRACES_EXPORTER");
    ConfigValue metricExporter = config.get("OTEL_METRICS_EXPORTER");
    Set<String> forTraces = exporters(traceExporter, traces, "otlp, or none alone");
    Set<String> forMetrics = exporters(metricExporter, metrics, "otlp, prometheus, or none alone");
    if (traceExporter != null && forTraces.contains(PROMETHEUS)) {
      throw traceExporter.invalid("otlp, or none alone");
    }
    boolean exportsTraces = forTraces.contains(OTLP) && !configuredElsewhere;
    boolean exportsMetrics =
        forMetrics.contains(OTLP) && !(configuredElsewhere && metricExporter == null);
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
      @Nullable ConfigValue list, OtlpVariables otlp, String expected) {
    if (list == null) {
      return otlp.hasEndpoint() ? Set.of(OTLP) : Set.of();
    }
    Set<String> names = new LinkedHashSet<>(list.list());
    for (String name : names) {
      boolean known = name.equals(OTLP) || name.equals(PROMETHEUS) || name.equals(NONE);
      if (!known || (name.equals(NONE) && names.size() > 1)) {
        throw list.invalid(expected);
      }
    }
    return names;
  }

  private void addPrometheus(SdkSpec sdk) {
    ConfigValue host = config.get(PROMETHEUS_HOST);
    ConfigValue port = config.get(PROMETHEUS_PORT);
    PrometheusSpec prometheus =
        new PrometheusSpec(
            host == null ? "localhost" : host.text(),
            port == null ? 9464 : port.integer(0, MAX_PORT));
    prometheus.origin = host == null ? PROMETHEUS_HOST : host.key();
    sdk.prometheus.add(prometheus);
  }
}
