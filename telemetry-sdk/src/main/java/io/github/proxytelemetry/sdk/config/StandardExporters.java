package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.PrometheusSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reader of the exporters in OpenTelemetry's variables. */
final class StandardExporters {
  private static final String OTLP = "otlp";
  private static final String NONE = "none";
  private static final String PROMETHEUS = "prometheus";
  private static final String PROMETHEUS_HOST = "OTEL_EXPORTER_PROMETHEUS_HOST";
  private static final String PROMETHEUS_PORT = "OTEL_EXPORTER_PROMETHEUS_PORT";
  private static final List<String> TRACE_EXPORTERS = List.of(OTLP);
  private static final List<String> METRIC_EXPORTERS = List.of(OTLP, PROMETHEUS);
  private static final int MAX_PORT = 65535;

  private final EffectiveConfig config;
  private final Notices notices;
  private final OtlpVariables traces;
  private final OtlpVariables metrics;

  StandardExporters(EffectiveConfig config, Notices notices) {
    this.config = config;
    this.notices = notices;
    this.traces = new OtlpVariables(config, "traces", notices);
    this.metrics = new OtlpVariables(config, "metrics", notices);
  }

  /**
   * Adds the exporters. A signal that other variables configure gets none: traces in any case,
   * metrics unless {@code OTEL_METRICS_EXPORTER} names an exporter.
   */
  void addTo(SdkSpec sdk, boolean configuredElsewhere) {
    Set<String> traceExporters = named("OTEL_TRACES_EXPORTER", TRACE_EXPORTERS);
    Set<String> metricExporters = named("OTEL_METRICS_EXPORTER", METRIC_EXPORTERS);
    boolean exportsTraces =
        !configuredElsewhere
            && (traceExporters == null ? traces.hasEndpoint() : traceExporters.contains(OTLP));
    boolean exportsMetrics =
        metricExporters == null
            ? !configuredElsewhere && metrics.hasEndpoint()
            : metricExporters.contains(OTLP);
    addOtlp(sdk, exportsTraces, exportsMetrics, otlp -> {});
    if (metricExporters != null && metricExporters.contains(PROMETHEUS)) {
      addPrometheus(sdk);
    }
  }

  /** Adds one exporter for both signals, or one for each where their variables differ. */
  void addOtlp(
      SdkSpec sdk, boolean exportsTraces, boolean exportsMetrics, Consumer<OtlpSpec> options) {
    if (exportsTraces && exportsMetrics && traces.isGeneral() && metrics.isGeneral()) {
      options.accept(traces.add(sdk, null, true, true));
      return;
    }
    if (exportsTraces) {
      options.accept(traces.add(sdk, exportsMetrics ? "otlp-traces" : null, true, false));
    }
    if (exportsMetrics) {
      options.accept(metrics.add(sdk, exportsTraces ? "otlp-metrics" : null, false, true));
    }
  }

  /** The exporters of a list, {@code null} where there is none that is known. */
  private @Nullable Set<String> named(String variable, List<String> known) {
    ConfigValue list = config.get(variable);
    if (list == null) {
      return null;
    }
    String expected = String.join(", ", known) + ", or none alone";
    Set<String> names = new LinkedHashSet<>(list.words());
    if (names.contains(NONE) && names.size() > 1) {
      throw list.invalid(expected);
    }
    if (names.removeIf(name -> !known.contains(name) && !name.equals(NONE))) {
      notices.ignored(list, expected);
    }
    return names.isEmpty() ? null : names;
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
