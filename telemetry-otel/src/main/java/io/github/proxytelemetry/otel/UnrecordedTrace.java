package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.context.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An exchange that is not recorded. */
class UnrecordedTrace implements ExchangeTrace {
  final Place place;

  UnrecordedTrace(Context parent, Supplier<String> traceIds) {
    this.place = new Place(parent, traceIds);
  }

  @Override
  public final Context context() {
    return place.context();
  }

  @Override
  public @Nullable AttemptTrace startAttempt(
      Recorder recorder, Upstream upstream, int method, int number) {
    return null;
  }

  @Override
  public final Context attemptContext() {
    return new Place(place.context()).context();
  }

  @Override
  public void handlingStarted(long now) {}

  @Override
  public <C> void responseStarted(C headers, HeaderAccess<C> access) {}

  @Override
  public void end(
      ServerSpan.Outcome outcome,
      long processingNanos,
      boolean upgraded,
      boolean complete,
      long endNanos) {}
}
