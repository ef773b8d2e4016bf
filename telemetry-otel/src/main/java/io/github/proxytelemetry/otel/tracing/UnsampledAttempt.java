package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;

/** Attempt in a trace that is not sampled, with one span id however often it is injected. */
class UnsampledAttempt implements AttemptTrace {
  private final UnsampledTrace trace;
  private long spanId;

  UnsampledAttempt(UnsampledTrace trace) {
    this.trace = trace;
  }

  @Override
  public final Context context() {
    return trace.child(spanId());
  }

  @Override
  public final <C> void inject(Outbound outbound, C headers, HeaderAccess<C> access) {
    trace.inject(spanId(), outbound, headers, access);
  }

  final SpanContext ids() {
    return trace.ids(spanId());
  }

  private synchronized long spanId() {
    if (spanId == 0) {
      spanId = Ids.random();
    }
    return spanId;
  }
}
