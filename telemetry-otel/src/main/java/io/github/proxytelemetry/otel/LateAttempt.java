package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.context.Context;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An attempt of an exchange that may yet be recorded. */
final class LateAttempt implements AttemptTrace {
  private final LateTrace exchange;
  private final Place exchangePlace;
  private final Upstream upstream;
  private final int method;
  private final int number;
  private final long startNanos;
  private @Nullable Place place;
  private @Nullable RequestInfo request;
  private long endNanos;
  private int status;
  private boolean canceled;
  private @Nullable ProxyError error;

  LateAttempt(
      LateTrace exchange,
      Place exchangePlace,
      Upstream upstream,
      int method,
      int number,
      long startNanos) {
    this.exchange = exchange;
    this.exchangePlace = exchangePlace;
    this.upstream = upstream;
    this.method = method;
    this.number = number;
    this.startNanos = startNanos;
  }

  @Override
  public Context context() {
    if (place == null) {
      place = new Place(exchangePlace.context());
    }
    return place.context();
  }

  @Override
  public void requestStarted(RequestInfo request) {
    this.request = RequestSnapshot.of(request, Set.of());
  }

  @Override
  public void end(long endNanos, int status, boolean canceled, @Nullable ProxyError error) {
    this.endNanos = endNanos;
    this.status = status;
    this.canceled = canceled;
    this.error = error;
    exchange.attemptEnded(this);
  }

  /** Makes the span, now that it is wanted. */
  void replay(ServerSpan parent) {
    ClientSpan span =
        parent.startClientSpan(
            upstream, method, number, startNanos, place == null ? null : place.told());
    if (span == null) {
      return;
    }
    if (request != null) {
      span.requestStarted(request);
    }
    span.end(endNanos, status, canceled, error);
  }
}
