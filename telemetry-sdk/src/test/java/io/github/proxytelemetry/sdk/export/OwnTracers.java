package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;

/**
 * Tracers with the sampler and ids of {@link TelemetrySdk}, for tests that keep spans in memory.
 */
public final class OwnTracers {
  private OwnTracers() {}

  public static SdkTracerProviderBuilder builder() {
    return SdkTracerProvider.builder()
        .setSampler(new RecordedSampler())
        .setIdGenerator(new PresetIds(IdGenerator.random()));
  }
}
