package io.github.proxytelemetry.otel;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of something in a trace that is not recorded, or not yet: its ids are made when
 * somebody is told of them.
 */
final class Place {
  private static final byte RANDOM_FLAG = 2;

  private final Context parent;
  private final Supplier<String> traceIds;
  private @Nullable Context context;

  /** A place in the trace of its parent. */
  Place(Context parent) {
    this(parent, TraceId::getInvalid);
  }

  /** A place under a parent; it begins a trace where the parent is in none. */
  Place(Context parent, Supplier<String> traceIds) {
    this.parent = parent;
    this.traceIds = traceIds;
  }

  /** The place as a context: not sampled, with the baggage of its parent. */
  synchronized Context context() {
    if (context == null) {
      context = parent.with(Span.wrap(under(Span.fromContext(parent).getSpanContext())));
    }
    return context;
  }

  /** The ids, or {@code null} where nobody was told of any. */
  synchronized @Nullable SpanContext told() {
    return context == null ? null : Span.fromContext(context).getSpanContext();
  }

  private SpanContext under(SpanContext parent) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String traceId = parent.isValid() ? parent.getTraceId() : traceIds.get();
    byte flags = (byte) (parent.getTraceFlags().asByte() & RANDOM_FLAG);
    return SpanContext.create(
        traceId,
        SpanId.fromLong(random.nextLong()),
        TraceFlags.fromByte(flags),
        parent.getTraceState());
  }
}
