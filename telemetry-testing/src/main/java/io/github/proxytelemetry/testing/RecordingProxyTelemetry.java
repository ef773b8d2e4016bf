package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Back end that records all events, for tests to inspect.
 *
 * <p>It follows the rules of {@link ProxyTelemetry}: the first terminal call wins, an exchange ends
 * when its request and its response have ended, a tunnel ends its exchange, and the end of a client
 * connection ends the exchanges and tunnels on it. It does not end their attempts, because an
 * attempt may outlive its exchange, and an adapter has to end each attempt that it starts.
 *
 * <p>Headers are changed visibly: the request of each attempt gets a unique {@code traceparent},
 * and each final response an additional {@code Server-Timing: proxy;dur=0.0}. From trailers, {@link
 * #REMOVED_TRAILER} is removed.
 *
 * <p>Thread-safe. Records are never dropped; create a new instance for each test.
 */
public final class RecordingProxyTelemetry implements ProxyTelemetry {
  /** Value of the {@code Server-Timing} header that is added to each final response. */
  public static final String SERVER_TIMING_VALUE = "proxy;dur=0.0";

  /** Trailer that is removed from each message with trailers. */
  public static final String REMOVED_TRAILER = "x-removed-trailer";

  private final Ledger ledger = new Ledger();
  private final Starts starts = new Starts(ledger);

  /** Creates an empty recorder. */
  public RecordingProxyTelemetry() {}

  @Override
  public DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    return starts.connection(peer);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return starts.exchange(request, null);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return starts.exchange(request, null, receivedNanos);
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return starts.attempt(upstream, null);
  }

  @Override
  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    return starts.dial(null);
  }

  /** Records an exception that telemetry or its adapter threw, and the guard caught. */
  @Override
  public void swallowed(Throwable thrown) {
    ledger.fault("telemetry or its adapter threw " + thrown);
  }

  /**
   * Returns the client connections.
   *
   * @return all of them in the order of their start
   */
  public List<RecordedConnection> connections() {
    return ledger.all(RecordedConnection.class, Starts.CONNECTION);
  }

  /**
   * Returns the connections that the proxy opened.
   *
   * @return all of them in the order of their start
   */
  public List<RecordedConnection> dials() {
    return ledger.all(RecordedConnection.class, Starts.DIAL);
  }

  /**
   * Returns the exchanges.
   *
   * @return all of them in the order of their start
   */
  public List<RecordedExchange> exchanges() {
    return ledger.all(RecordedExchange.class, Starts.EXCHANGE);
  }

  /**
   * Returns the attempts.
   *
   * @return all of them in the order of their start
   */
  public List<RecordedAttempt> attempts() {
    return ledger.all(RecordedAttempt.class, Starts.ATTEMPT);
  }

  /**
   * Returns the tunnels.
   *
   * @return all of them in the order of their start
   */
  public List<RecordedTunnel> tunnels() {
    return ledger.all(RecordedTunnel.class, Starts.TUNNEL);
  }

  /**
   * Returns the events of all observations in one order.
   *
   * @return lines such as {@code exchange-1 responseStarted 200}
   */
  public List<String> events() {
    return ledger.events();
  }

  /**
   * Returns the number of open client connections.
   *
   * @return a count
   */
  public int activeConnections() {
    return active(Starts.CONNECTION);
  }

  /**
   * Returns the number of open connections that the proxy opened.
   *
   * @return a count
   */
  public int activeDials() {
    return active(Starts.DIAL);
  }

  /**
   * Returns the number of open exchanges.
   *
   * @return a count
   */
  public int activeExchanges() {
    return active(Starts.EXCHANGE);
  }

  /**
   * Returns the number of open attempts.
   *
   * @return a count
   */
  public int activeAttempts() {
    return active(Starts.ATTEMPT);
  }

  /**
   * Returns the number of open tunnels.
   *
   * @return a count
   */
  public int activeTunnels() {
    return active(Starts.TUNNEL);
  }

  /**
   * Waits until no observation is open and no exchange is current on a thread, as a handler may
   * return after its response was sent. Close the clients and the proxy before, because pooled
   * connections count as open.
   *
   * @param timeout how long to wait
   * @throws AssertionError listing the open observations, on time-out
   */
  public void awaitIdle(Duration timeout) {
    awaitUntil(
        "no observation is open or current",
        () ->
            ledger.open().isEmpty() && exchanges().stream().noneMatch(RecordedExchange::isCurrent),
        timeout);
  }

  /**
   * Waits until a condition holds, which is checked after each event.
   *
   * @param what description of the condition, for the message of a failure
   * @param condition the condition; it may read this recorder, and must not block
   * @param timeout how long to wait
   * @throws AssertionError listing the events, on time-out
   */
  public void awaitUntil(String what, BooleanSupplier condition, Duration timeout) {
    if (!ledger.await(condition, timeout)) {
      throw new AssertionError(
          "waited %d ms until %s; open: %s; events: %s"
              .formatted(timeout.toMillis(), what, ledger.open(), ledger.events()));
    }
  }

  /**
   * Checks the invariants that hold after each test: no observation or scope is open, statuses are
   * valid, response heads were reported before bodies and ends, no count is negative, no header
   * accessor threw, and the guard caught no exception.
   *
   * @throws AssertionError listing the violations
   */
  public void assertInvariants() {
    List<String> violations = new ArrayList<>(ledger.faults());
    ledger.open().forEach(observation -> violations.add(observation + " is open"));
    ledger.write(() -> ledger.all().forEach(observation -> observation.check(violations)));
    if (!violations.isEmpty()) {
      throw new AssertionError(String.join("\n", violations));
    }
  }

  /**
   * Checks that no observation received a call after its end, neither a late call nor a further
   * terminal call. Both are legal and ignored, but an adapter that makes them usually ends an
   * observation too early or in two places.
   *
   * @throws AssertionError listing the observations, with the place of each one's first such call
   *     among its suppressed exceptions
   */
  public void assertNoLateCalls() {
    List<RecordedObservation> late =
        ledger.all().stream()
            .filter(each -> each.lateCalls() + each.repeatedTerminals() > 0)
            .toList();
    if (!late.isEmpty()) {
      AssertionError error = new AssertionError("calls after the end of " + late);
      late.stream()
          .map(RecordedObservation::firstLate)
          .filter(Objects::nonNull)
          .forEach(error::addSuppressed);
      throw error;
    }
  }

  private int active(String prefix) {
    return (int) ledger.open().stream().filter(open -> open.id().startsWith(prefix)).count();
  }
}
