package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import java.util.function.Consumer;

/** Benches whose tracers sample and generate ids as those of {@link TelemetrySdk}. */
public final class OwnBench {
  private OwnBench() {}

  public static Bench of(Sampling sampling) {
    return of(sampling, options -> {});
  }

  public static Bench of(Sampling sampling, Consumer<OtelProxyTelemetryBuilder> options) {
    return new Bench(
        sampling,
        OwnTracers.builder(),
        new SdkSpanHints(false),
        MetricNaming.PRIVACY_PROXY,
        options);
  }
}
