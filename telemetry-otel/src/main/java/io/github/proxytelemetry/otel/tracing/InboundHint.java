package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.jspecify.annotations.Nullable;

/**
 * What an inbound trace context says that has no place in a span context: formats other than W3C's
 * may leave the decision open, or say nothing but a decision, or nothing but a trace id.
 *
 * @param traceId the id of a trace whose span is not known, {@code null} if there is a span or none
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

  /** Returns a context with this hint; its span context, if it is valid, has the ids. */
  public Context in(Context context) {
    return context.with(KEY, this);
  }

  static @Nullable InboundHint of(Context context) {
    return context.get(KEY);
  }
}
