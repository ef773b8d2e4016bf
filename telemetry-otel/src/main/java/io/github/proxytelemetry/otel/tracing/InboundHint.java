package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.jspecify.annotations.Nullable;

/**
 * Part of an inbound trace context that has no place in a span context: formats other than W3C's
 * may leave the decision open, or say nothing but a decision, or nothing but a trace id.
 *
 * @param traceId the trace that is meant, {@code null} if it is any that starts here
 */
public record InboundHint(@Nullable String traceId, Decision decision) {
  private static final ContextKey<InboundHint> KEY =
      ContextKey.named("proxy-telemetry-inbound-hint");

  /** Decision of whoever sent the request. */
  public enum Decision {
    /** Left to whoever receives it. */
    OPEN,
    /** It is sampled. */
    SAMPLED,
    /** It is not sampled. */
    UNSAMPLED
  }

  /** Returns a context with this hint. */
  public Context in(Context context) {
    return context.with(KEY, this);
  }

  /** The hint of a context, {@code null} if it has none. */
  public static @Nullable InboundHint of(Context context) {
    return context.get(KEY);
  }

  /** The hint for what is started in a context, whose span may be that of another format. */
  static @Nullable InboundHint of(Context context, SpanContext caller) {
    InboundHint hint = of(context);
    return hint == null || !caller.isValid() || caller.getTraceId().equals(hint.traceId)
        ? hint
        : null;
  }
}
