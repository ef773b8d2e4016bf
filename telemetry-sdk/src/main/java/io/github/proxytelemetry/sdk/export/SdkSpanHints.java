package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.SpanHints;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;

/** Span hints that {@link PresetIds} reads. */
final class SdkSpanHints implements SpanHints {
  private final boolean xray;

  SdkSpanHints(boolean xray) {
    this.xray = xray;
  }

  @Override
  public long newTraceIdHigh() {
    return xray ? XrayIds.high() : SpanHints.super.newTraceIdHigh();
  }

  @Override
  public Context withIds(Context context, SpanContext spanContext) {
    return PresetIds.mark(context, spanContext);
  }
}
