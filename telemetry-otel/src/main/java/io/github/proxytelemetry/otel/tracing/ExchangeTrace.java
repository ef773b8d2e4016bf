package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Trace of an exchange: its span, or only a span context if it is not sampled. */
public interface ExchangeTrace {
  /** The context of the host's own spans and log lines. */
  Context context();

  /** Starts the trace of an attempt, {@code null} if that is not recorded. */
  @Nullable AttemptTrace startAttempt(Upstream upstream, int method, int number, long now);

  /** The context injected for an attempt that is not recorded: same trace, a span id of its own. */
  Context attemptContext();

  /** Writes that context into a request. */
  default <C> void injectAttempt(Outbound outbound, C headers, HeaderAccess<C> access) {
    outbound.inject(attemptContext(), headers, access);
  }

  /** Whether the times and the outcome of the exchange are looked at. */
  default boolean isRecorded() {
    return true;
  }

  void handlingStarted(long now);

  <C> void responseStarted(C headers, HeaderAccess<C> access);

  /** The response ended, and with it what the trace shows of the exchange. */
  default void responseEnded(long now) {}

  /** The exchange ended, {@code now} unless its response has. */
  void end(ExchangeOutcome outcome, long now);

  /** The ids for log lines. */
  default SpanContext spanContext() {
    return Span.fromContext(context()).getSpanContext();
  }
}
