package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one attempt was told. */
public final class RecordedAttempt extends RecordedMessages {
  private final @Nullable RecordedExchange exchange;
  private final Upstream upstream;
  private final String traceparent;
  private final List<RecordedConnection> dials = new ArrayList<>();
  private int injections;
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
   * The exchange it was made for.
   *
   * @return the exchange, or {@code null} for a call of the host itself
   */
  public @Nullable RecordedExchange exchange() {
    return exchange;
  }

  /**
   * Where it went.
   *
   * @return the upstream as it was told
   */
  public Upstream upstream() {
    return upstream;
  }

  /**
   * The header that the recorder writes on this attempt's request.
   *
   * @return a valid {@code traceparent} (W3C Trace Context) that no other attempt has
   */
  public String traceparent() {
    return traceparent;
  }

  /**
   * How often the header was asked for.
   *
   * @return a count
   */
  public int injections() {
    return ledger.read(() -> injections);
  }

  /**
   * The connections that were dialled for it.
   *
   * @return the dials, in the order of their start
   */
  public List<RecordedConnection> dials() {
    return ledger.read(() -> List.copyOf(dials));
  }

  /**
   * Whether it was told that it has its connection.
   *
   * @return whether it was
   */
  public boolean connectionAcquired() {
    return ledger.read(() -> acquired);
  }

  /**
   * Whether an earlier attempt had used its connection.
   *
   * @return whether it was told so
   */
  public boolean connectionReused() {
    return ledger.read(() -> reused);
  }

  void toldDial(RecordedConnection dial) {
    ledger.write(() -> dials.add(dial));
  }

  void toldAcquired(boolean usedBefore) {
    fact(
        "connectionAcquired " + (usedBefore ? "reused" : "new"),
        () -> {
          acquired = true;
          reused = usedBefore;
        });
  }

  void toldInjection() {
    fact("inject", () -> injections++);
  }

  void toldRequest(RequestInfo request) {
    fact("requestStarted", () -> request(request));
  }

  @Override
  void sideEnded() {
    if (responseEnded()) {
      over(Terminal.ENDED, null);
    }
  }
}
