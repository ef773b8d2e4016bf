package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.context.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Trace of an exchange that is not sampled. */
class UnsampledTrace implements ExchangeTrace {
  final LazySpanContext ids;

  UnsampledTrace(Context parent, Supplier<String> traceIds) {
    this.ids = new LazySpanContext(parent, traceIds);
  }

  @Override
  public final Context context() {
    return ids.context();
  }

  @Override
  public @Nullable AttemptTrace startAttempt(Upstream upstream, int method, int number, long now) {
    return null;
  }

  @Override
  public final Context attemptContext() {
    return new LazySpanContext(ids.context()).context();
  }

  @Override
  public void handlingStarted(long now) {}

  @Override
  public <C> void responseStarted(C headers, HeaderAccess<C> access) {}

  @Override
  public void end(ExchangeOutcome outcome, long endNanos) {}
}
