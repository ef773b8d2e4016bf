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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down everything it is told, for tests to look at.
 *
 * <p>It follows the rules of {@link ProxyTelemetry}: the first terminal call wins, an exchange is
 * over when both its sides have ended, a tunnel ends its exchange, and the end of a client's
 * connection ends the exchanges and tunnels on it. It does not end attempts with them, because an
 * attempt may outlive its exchange: who starts one has to end it.
 *
 * <p>What it does to headers can be seen on the wire: every attempt's request gets a {@code
 * traceparent} of its own, and every final response a further {@code Server-Timing: proxy;dur=0.0}.
 *
 * <p>Safe for use by many threads. It keeps all it was told; make a new one for each test.
 */
public final class RecordingProxyTelemetry implements ProxyTelemetry {
  /** The value that is added to every final response as {@code Server-Timing}. */
  public static final String SERVER_TIMING_VALUE = "proxy;dur=0.0";

  private final Ledger ledger = new Ledger();
  private final Starts starts = new Starts(ledger);

  /** Creates a recorder that has been told nothing. */
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

  /**
   * The clients' connections.
   *
   * @return all of them, in the order of their start
   */
  public List<RecordedConnection> connections() {
    return ledger.all(RecordedConnection.class, Starts.CONNECTION);
  }

  /**
   * The connections that the proxy dialled.
   *
   * @return all of them, in the order of their start
   */
  public List<RecordedConnection> dials() {
    return ledger.all(RecordedConnection.class, Starts.DIAL);
  }

  /**
   * The exchanges.
   *
   * @return all of them, in the order of their start
   */
  public List<RecordedExchange> exchanges() {
    return ledger.all(RecordedExchange.class, Starts.EXCHANGE);
  }

  /**
   * The attempts.
   *
   * @return all of them, in the order of their start
   */
  public List<RecordedAttempt> attempts() {
    return ledger.all(RecordedAttempt.class, Starts.ATTEMPT);
  }

  /**
   * The tunnels.
   *
   * @return all of them, in the order of their start
   */
  public List<RecordedTunnel> tunnels() {
    return ledger.all(RecordedTunnel.class, Starts.TUNNEL);
  }

  /**
   * All that was told of all observations, in one order.
   *
   * @return lines such as {@code exchange-1 responseStarted 200}
   */
  public List<String> events() {
    return ledger.events();
  }

  /**
   * The clients' connections that are open.
   *
   * @return a count
   */
  public int activeConnections() {
    return active(Starts.CONNECTION);
  }

  /**
   * The dialled connections that are open.
   *
   * @return a count
   */
  public int activeDials() {
    return active(Starts.DIAL);
  }

  /**
   * The exchanges that are not over.
   *
   * @return a count
   */
  public int activeExchanges() {
    return active(Starts.EXCHANGE);
  }

  /**
   * The attempts that are not over.
   *
   * @return a count
   */
  public int activeAttempts() {
    return active(Starts.ATTEMPT);
  }

  /**
   * The tunnels that are open.
   *
   * @return a count
   */
  public int activeTunnels() {
    return active(Starts.TUNNEL);
  }

  /**
   * Waits until nothing is open, and no thread has an exchange as its current one: a handler may
   * return after its answer is out. Close the clients and the proxy first: pooled connections are
   * open as well.
   *
   * @param timeout how long to wait
   * @throws AssertionError that lists what is still open, if something is
   */
  public void awaitIdle(Duration timeout) {
    awaitUntil(
        "nothing is open, nor current",
        () ->
            ledger.open().isEmpty() && exchanges().stream().noneMatch(RecordedExchange::isCurrent),
        timeout);
  }

  /**
   * Waits until something holds, looking at it after every call that is told.
   *
   * @param what what is waited for, for the message of a failure
   * @param condition what has to hold; it may ask this recorder, and must not block
   * @param timeout how long to wait
   * @throws AssertionError that lists what was told, if it does not come to hold
   */
  public void awaitUntil(String what, BooleanSupplier condition, Duration timeout) {
    if (!ledger.await(condition, timeout)) {
      throw new AssertionError(
          "waited %d ms until %s; open: %s; told: %s"
              .formatted(timeout.toMillis(), what, ledger.open(), ledger.events()));
    }
  }

  /**
   * Checks what must hold after every test, whatever happened in it: nothing is open, no scope was
   * left open, statuses are such, a response's head came before its body and end, no count was
   * negative, and no header access threw.
   *
   * @throws AssertionError that lists what does not hold
   */
  public void assertInvariants() {
    List<String> violations = new ArrayList<>(ledger.faults());
    ledger.open().forEach(observation -> violations.add(observation + " is open"));
    ledger.write(() -> ledger.all().forEach(observation -> observation.check(violations)));
    if (!violations.isEmpty()) {
      throw new AssertionError(String.join("\n", violations));
    }
  }

  private int active(String prefix) {
    return (int) ledger.open().stream().filter(open -> open.id().startsWith(prefix)).count();
  }
}
