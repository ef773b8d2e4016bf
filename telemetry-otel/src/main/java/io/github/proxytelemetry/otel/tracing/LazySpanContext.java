package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Span context of an unsampled exchange or attempt. Its ids are generated on first use. */
final class LazySpanContext {
  private static final byte RANDOM_FLAG = 2;

  private final Context parent;
  private final Supplier<String> traceIds;
  private @Nullable Context context;

  /** A span context in the trace of its parent. */
  LazySpanContext(Context parent) {
    this(parent, TraceId::getInvalid);
  }

  /** A span context under a parent, with a new trace id where the parent has none. */
  LazySpanContext(Context parent, Supplier<String> traceIds) {
    this.parent = parent;
    this.traceIds = traceIds;
  }

  /** The parent's context with this span context, not sampled. */
  synchronized Context context() {
    if (context == null) {
      context = parent.with(Span.wrap(childOf(Span.fromContext(parent).getSpanContext())));
    }
    return context;
  }

  /** The ids if they were generated, otherwise {@code null}. */
  synchronized @Nullable SpanContext generated() {
    return context == null ? null : Span.fromContext(context).getSpanContext();
  }

  private SpanContext childOf(SpanContext parent) {
    String traceId = parent.isValid() ? parent.getTraceId() : traceIds.get();
    byte flags = (byte) (parent.getTraceFlags().asByte() & RANDOM_FLAG);
    return SpanContext.create(
        traceId,
        SpanId.fromLong(ThreadLocalRandom.current().nextLong()),
        TraceFlags.fromByte(flags),
        parent.getTraceState());
  }
}
