package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.HexFormat;

/** Unsampled trace below a context, which a propagator read or which is current. */
class UnsampledChild extends UnsampledTrace {
  private final Context parent;

  /**
   * @param parent whose span is valid
   */
  static UnsampledChild of(Context parent) {
    String trace = Span.fromContext(parent).getSpanContext().getTraceId();
    return new UnsampledChild(parent, high(trace), low(trace));
  }

  /** A trace in a context that has no span, or one with this trace id. */
  UnsampledChild(Context parent, long high, long low) {
    super(high, low);
    this.parent = parent;
  }

  /** The upper half of a trace id. */
  static long high(String traceId) {
    return HexFormat.fromHexDigitsToLong(traceId, 0, 16);
  }

  /** The lower half of a trace id. */
  static long low(String traceId) {
    return HexFormat.fromHexDigitsToLong(traceId, 16, 32);
  }

  @Override
  final Context parent() {
    return parent;
  }

  @Override
  final byte flags() {
    SpanContext span = Span.fromContext(parent).getSpanContext();
    return span.isValid()
        ? (byte) (span.getTraceFlags().asByte() & Ids.RANDOM_FLAG)
        : Ids.RANDOM_FLAG;
  }

  @Override
  final TraceState state() {
    return Span.fromContext(parent).getSpanContext().getTraceState();
  }
}
