package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.IdGenerator;
import org.jspecify.annotations.Nullable;

/**
 * ID generator that takes preset ids from the current context: those of a span that were injected
 * or logged before it was decided to record it. All other spans get generated ids.
 */
final class PresetIds implements IdGenerator {
  private static final ContextKey<SpanContext> PRESET =
      ContextKey.named("proxy-telemetry-preset-ids");

  private final IdGenerator generator;

  PresetIds(IdGenerator generator) {
    this.generator = generator;
  }

  static Context mark(Context context, SpanContext ids) {
    return context.with(PRESET, ids);
  }

  @Override
  public String generateTraceId() {
    SpanContext preset = preset();
    return preset == null ? generator.generateTraceId() : preset.getTraceId();
  }

  @Override
  public String generateSpanId() {
    SpanContext preset = preset();
    return preset == null ? generator.generateSpanId() : preset.getSpanId();
  }

  @Override
  public boolean generatesRandomTraceIds() {
    return generator.generatesRandomTraceIds();
  }

  private static @Nullable SpanContext preset() {
    return Context.current().get(PRESET);
  }
}
