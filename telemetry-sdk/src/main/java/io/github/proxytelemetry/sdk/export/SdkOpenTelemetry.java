package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.tracing.OwnedOpenTelemetry;
import io.github.proxytelemetry.otel.tracing.SpanHints;
import io.github.proxytelemetry.sdk.live.LiveView;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry around the SDK's providers. {@code OpenTelemetrySdk} is not used: its builder loads
 * {@code api-incubator} where a host has one, and fails unless the versions match.
 */
public record SdkOpenTelemetry(
    boolean isEnabled,
    boolean exportsTraces,
    Sampling sampling,
    SpanHints hints,
    TracerProvider recordingTracers,
    TracerProvider tracerProvider,
    Meters meters,
    ContextPropagators propagators,
    Consumer<String> exportMetrics,
    @Nullable LiveReader live)
    implements OwnedOpenTelemetry, LiveView.Source {
  @Override
  public TracerProvider getTracerProvider() {
    return tracerProvider;
  }

  @Override
  public MeterProvider getMeterProvider() {
    return meters.provider();
  }

  @Override
  public void exemplars(boolean on) {
    meters.exemplars(on);
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
  public void recordingAs(MetricNaming naming, boolean strict) {
    if (live != null) {
      live.recordingAs(naming, strict);
    }
  }

  @Override
  public String toString() {
    return "SdkOpenTelemetry";
  }
}
