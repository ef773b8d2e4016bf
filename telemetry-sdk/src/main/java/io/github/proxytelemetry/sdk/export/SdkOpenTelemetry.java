package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.tracing.OwnedOpenTelemetry;
import io.github.proxytelemetry.otel.tracing.SpanHints;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.function.Consumer;

/**
 * OpenTelemetry around the SDK's providers. {@code OpenTelemetrySdk} is not used: its builder loads
 * {@code api-incubator} where a host has one, and fails unless the versions match.
 */
public record SdkOpenTelemetry(
    boolean isEnabled,
    boolean exportsTraces,
    Sampling sampling,
    SpanHints hints,
    TracerProvider tracerProvider,
    MeterProvider meterProvider,
    ContextPropagators propagators,
    Consumer<String> exportMetrics)
    implements OwnedOpenTelemetry {
  @Override
  public TracerProvider getTracerProvider() {
    return tracerProvider;
  }

  @Override
  public MeterProvider getMeterProvider() {
    return meterProvider;
  }

  @Override
  public ContextPropagators getPropagators() {
    return propagators;
  }

  @Override
  public void registerExportMetrics(String prefix) {
    exportMetrics.accept(prefix);
  }

  @Override
  public String toString() {
    return "SdkOpenTelemetry";
  }
}
