package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record of one attempt. */
public final class RecordedAttempt extends RecordedMessages {
  private final @Nullable RecordedExchange exchange;
  private final Upstream upstream;
  private final String traceparent;
  private final List<RecordedConnection> dials = new ArrayList<>();
  private int injections;
  private int requestTrailers;
  private boolean acquired;
  private boolean reused;

  RecordedAttempt(
      Ledger ledger, String id, Upstream upstream, @Nullable RecordedExchange exchange) {
    super(ledger, id);
    this.exchange = exchange;
    this.upstream = upstream;
    String traceId = exchange == null ? ledger.nextTraceId() : exchange.traceId();
    this.traceparent = "00-" + traceId + "-" + ledger.nextSpanId() + "-01";
  }

  /**
   * Returns the exchange of the attempt.
   *
   * @return the exchange, or {@code null} for a request of the host itself
   */
  public @Nullable RecordedExchange exchange() {
    return exchange;
  }

  /**
   * Returns the destination.
   *
   * @return the upstream passed to {@code startAttempt}
   */
  public Upstream upstream() {
    return upstream;
  }

  /**
   * Returns the header that the recorder injects into the attempt's request.
   *
   * @return a valid {@code traceparent} (W3C Trace Context), unique to the attempt
   */
  public String traceparent() {
    return traceparent;
  }

  /**
   * Returns how often the header was injected.
   *
   * @return a count
   */
  public int injections() {
    return ledger.read(() -> injections);
  }

  /**
   * Returns how often trailers of the request were reported.
   *
   * @return a count
   */
  public int requestTrailers() {
    return ledger.read(() -> requestTrailers);
  }

  /**
   * Returns the connections that were opened for the attempt.
   *
   * @return the connections in the order of their start
   */
  public List<RecordedConnection> dials() {
    return ledger.read(() -> List.copyOf(dials));
  }

  /**
   * Whether the attempt obtained a connection.
   *
   * @return whether {@code connectionAcquired} was called
   */
  public boolean connectionAcquired() {
    return ledger.read(() -> acquired);
  }

  /**
   * Whether the connection was used by an earlier attempt.
   *
   * @return the argument of {@code connectionAcquired}
   */
  public boolean connectionReused() {
    return ledger.read(() -> reused);
  }

  void recordDial(RecordedConnection dial) {
    ledger.write(() -> dials.add(dial));
  }

  void recordAcquired(boolean usedBefore) {
    event(
        "connectionAcquired " + (usedBefore ? "reused" : "new"),
        () -> {
          acquired = true;
          reused = usedBefore;
        });
  }

  void recordInjection() {
    event("inject", () -> injections++);
  }

  void recordRequestTrailers() {
    ledger.write(() -> requestTrailers++);
  }

  void recordRequest(RequestInfo request) {
    event("requestStarted", () -> request(request));
  }

  @Override
  void sideEnded() {
    if (responseEnded()) {
      over(Terminal.ENDED, null);
    }
  }
}
