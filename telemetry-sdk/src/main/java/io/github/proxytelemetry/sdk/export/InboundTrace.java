package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.InboundHint;
import io.github.proxytelemetry.otel.tracing.InboundHint.Decision;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Trace context that was read from headers.
 *
 * @param traceId {@code null} if there is none, or none that is valid
 * @param spanId the same
 */
record InboundTrace(@Nullable String traceId, @Nullable String spanId, Decision decision) {
  static final InboundTrace NONE = new InboundTrace(null, null, Decision.OPEN);

  /** The context with as much of it as there is. */
  Context in(Context context) {
    if (traceId == null) {
      return decision == Decision.OPEN ? context : new InboundHint(null, decision).in(context);
    }
    if (spanId == null) {
      return new InboundHint(traceId, decision).in(context);
    }
    TraceFlags flags =
        decision == Decision.SAMPLED ? TraceFlags.getSampled() : TraceFlags.getDefault();
    SpanContext parent =
        SpanContext.createFromRemoteParent(traceId, spanId, flags, TraceState.getDefault());
    Context continued = context.with(Span.wrap(parent));
    return decision == Decision.OPEN ? new InboundHint(traceId, decision).in(continued) : continued;
  }

  /** A trace id of 128 or 64 bits, {@code null} if it is none. */
  static @Nullable String traceId(@Nullable String text) {
    if (text == null || (text.length() != TraceId.getLength() && text.length() != 16)) {
      return null;
    }
    String id = text.toLowerCase(Locale.ROOT);
    String padded = id.length() == 16 ? "0".repeat(16) + id : id;
    return TraceId.isValid(padded) ? padded : null;
  }

  /** A span id, {@code null} if it is none. */
  static @Nullable String spanId(@Nullable String text) {
    if (text == null || text.length() != SpanId.getLength()) {
      return null;
    }
    String id = text.toLowerCase(Locale.ROOT);
    return SpanId.isValid(id) ? id : null;
  }
}
