package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.Sampling;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Specification of an SDK: exporters, resource, propagation, sampling. Filled by a configuration
 * and by the builder, in this order; read once, by {@link TelemetrySdk#start}.
 */
public final class SdkSpec {
  /** About one percent: enough to see what is slow, at a cost that is not noticed. */
  private static final double DEFAULT_RATIO = 0.01;

  public final List<OtlpSpec> otlp = new ArrayList<>();
  public final List<PrometheusSpec> prometheus = new ArrayList<>();
  public final Map<String, String> resource = new LinkedHashMap<>();
  public TextMapPropagator propagators = Propagators.of("propagators", List.of("tracecontext"));
  public Sampling sampling = Sampling.ratio(DEFAULT_RATIO);
  public Duration metricInterval = Duration.ofSeconds(30);
  public boolean xrayIds;

  /** Whether a {@link io.github.proxytelemetry.sdk.live.LiveView} is kept. */
  public boolean live;

  /** Exemplars, where they are on, also of what is not sampled. */
  public boolean exemplarsOfAll;

  /** {@code OTEL_SDK_DISABLED}. */
  public boolean disabled;

  /** Environment, for an OTLP endpoint that is empty. */
  public UnaryOperator<@Nullable String> variables = System::getenv;

  /** Whether there is an exporter, or a live view; telemetry without either is off. */
  public boolean hasExporters() {
    return !disabled && (live || !otlp.isEmpty() || !prometheus.isEmpty());
  }

  /** Whether spans are recorded. */
  public boolean hasTraces() {
    return live || otlp.stream().anyMatch(otlp -> otlp.traces);
  }
}
