package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Trace of an exchange that is not sampled: its id as two numbers. Most of such exchanges only send
 * it on, so a context exists only where one is asked for.
 */
class UnsampledTrace implements ExchangeTrace {
  private final long high;
  private final long low;

  /** The context of the exchange itself, once it was asked for. Guarded by this. */
  private @Nullable Context context;

  /** A trace that begins here. */
  UnsampledTrace(long high, long low) {
    this.high = high;
    this.low = low;
  }

  /** The flags to send on: never sampled. */
  byte flags() {
    return Ids.RANDOM_FLAG;
  }

  /** The list to send on. */
  TraceState state() {
    return TraceState.getDefault();
  }

  /** The same as a header. */
  @Nullable String stateHeader() {
    return null;
  }

  /** The context that the trace was carried in, which may have more to send on than ids. */
  Context parent() {
    return Context.root();
  }

  @Override
  public boolean isRecorded() {
    return false;
  }

  @Override
  public final synchronized Context context() {
    if (context == null) {
      context = child(Ids.random());
    }
    return context;
  }

  @Override
  public @Nullable AttemptTrace startAttempt(Upstream upstream, int method, int number, long now) {
    return null;
  }

  @Override
  public final Context attemptContext() {
    return child(Ids.random());
  }

  @Override
  public final <C> void injectAttempt(Outbound outbound, C headers, HeaderAccess<C> access) {
    inject(Ids.random(), outbound, headers, access);
  }

  @Override
  public void handlingStarted(long now) {}

  @Override
  public <C> void responseStarted(C headers, HeaderAccess<C> access) {}

  @Override
  public void end(ExchangeOutcome outcome, long now) {}

  /** The context of a span in this trace that is not sampled. */
  final Context child(long spanId) {
    return parent().with(Span.wrap(ids(spanId)));
  }

  final SpanContext ids(long spanId) {
    return Ids.context(high, low, spanId, flags(), state());
  }

  final <C> void inject(long spanId, Outbound outbound, C headers, HeaderAccess<C> access) {
    if (outbound.isDirect() && parent() == Context.root()) {
      outbound.write(TraceParent.of(high, low, spanId, flags()), stateHeader(), headers, access);
    } else {
      outbound.inject(child(spanId), headers, access);
    }
  }
}
