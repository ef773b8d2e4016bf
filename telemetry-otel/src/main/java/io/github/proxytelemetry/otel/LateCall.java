package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.context.Context;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call of the host's own that is not sampled, and recorded if its end is worth it. */
final class LateCall implements AttemptTrace {
  private static final int FIRST_ERROR_STATUS = 400;

  private final LateDecision decision;
  private final Upstream upstream;
  private final long startNanos;
  private final Place place;
  private @Nullable RequestInfo request;

  LateCall(LateDecision decision, Upstream upstream, long startNanos) {
    this.decision = decision;
    this.place = new Place(Context.root(), decision.tracing().traceIds());
    this.upstream = upstream;
    this.startNanos = startNanos;
  }

  @Override
  public Context context() {
    return place.context();
  }

  @Override
  public void requestStarted(RequestInfo request) {
    this.request = RequestSnapshot.of(request, Set.of());
  }

  @Override
  public void end(long endNanos, int status, boolean canceled, @Nullable ProxyError error) {
    boolean failed = error != null || status >= FIRST_ERROR_STATUS;
    if (!decision.keeps(failed, endNanos - startNanos)) {
      return;
    }
    ClientSpan span =
        decision
            .tracing()
            .startCall(Context.root(), upstream, startNanos, decision.offset(), place.told());
    if (span != null) {
      if (request != null) {
        span.requestStarted(request);
      }
      span.end(endNanos, status, canceled, error);
    }
  }
}
