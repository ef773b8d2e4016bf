package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.SpanHints;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;

/** Span hints that {@link RecordedSampler} and {@link PresetIds} read. */
final class SdkSpanHints implements SpanHints {
  private final IdGenerator ids;

  SdkSpanHints(IdGenerator ids) {
    this.ids = ids;
  }

  @Override
  public String newTraceId() {
    return ids.generateTraceId();
  }

  @Override
  public Context recorded(Context parent) {
    return RecordedSampler.mark(parent);
  }

  @Override
  public Context withIds(Context context, SpanContext spanContext) {
    return PresetIds.mark(context, spanContext);
  }
}
