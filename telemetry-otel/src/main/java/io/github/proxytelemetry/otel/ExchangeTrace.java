package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** What an exchange is in a trace: a span, or only a place that others are told of. */
interface ExchangeTrace {
  /** What the host's own spans and log lines belong to. */
  Context context();

  /** Returns {@code null} for an attempt that is not recorded. */
  @Nullable AttemptTrace startAttempt(Recorder recorder, Upstream upstream, int method, int number);

  /** What is injected for an attempt that is not recorded: the same trace, a span of its own. */
  Context attemptContext();

  void handlingStarted(long now);

  <C> void responseStarted(C headers, HeaderAccess<C> access);

  /** Its ids, for log lines. */
  default SpanContext place() {
    return Span.fromContext(context()).getSpanContext();
  }

  void end(
      ServerSpan.Outcome outcome,
      long processingNanos,
      boolean upgraded,
      boolean complete,
      long endNanos);

  // Whoever gets it closes it.
  @SuppressWarnings("MustBeClosedChecker")
  static Scope activate(Context context) {
    io.opentelemetry.context.Scope scope = context.makeCurrent();
    return scope::close;
  }
}
