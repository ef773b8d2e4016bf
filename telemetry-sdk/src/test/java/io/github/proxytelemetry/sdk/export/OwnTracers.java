package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.samplers.Sampler;

/**
 * Recording tracers with the sampler and ids of {@link TelemetrySdk}, for tests that keep spans in
 * memory.
 */
public final class OwnTracers {
  private OwnTracers() {}

  public static SdkTracerProviderBuilder builder() {
    return SdkTracerProvider.builder()
        .setSampler(Sampler.alwaysOn())
        .setIdGenerator(new PresetIds(IdGenerator.random()));
  }
}
