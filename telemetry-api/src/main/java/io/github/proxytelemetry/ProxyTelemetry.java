package io.github.proxytelemetry;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Receives what a proxy does. Adapters call it, back ends implement it.
 *
 * <pre>
 * ProxyTelemetry
 * ├─ startDownstreamConnection → {@link DownstreamObservation}     a client's connection
 * │    └─ startExchange*       → {@link ExchangeObservation}       a request and its response
 * │         ├─ startAttempt*   → {@link AttemptObservation}        one try at an upstream
 * │         │    └─ startConnection? → {@link ConnectionObservation}   a dial made for it
 * │         └─ startTunnel?    → {@link TunnelObservation}         CONNECT or an upgrade
 * ├─ startExchange             → for hosts that show no connections
 * ├─ startAttempt              → a call of the host itself, outside any exchange
 * └─ startUpstreamConnection   → a dial that no attempt waits for
 * </pre>
 *
 * <p><b>The rules of every observation.</b> A call that starts something returns the observer of
 * that thing; exactly one terminal call ends it, the first one. Any other order, repetition or
 * omission of calls is legal. Calls say what happens <em>now</em>: the back end reads the clock.
 *
 * <p><b>Threading.</b> Each observation is told by one thread at a time; different observations may
 * be told by different threads at once. Terminal calls may race. No call blocks.
 *
 * <p><b>Errors.</b> No call throws: wrap a back end that might with {@link #guarded}. Starts never
 * return {@code null}.
 *
 * <p>Every default method does nothing, and returns what does nothing.
 */
public interface ProxyTelemetry {
  /**
   * The telemetry that is switched off. Adapters that are given it install nothing.
   *
   * @return a singleton
   */
  static ProxyTelemetry noop() {
    return Noop.Telemetry.INSTANCE;
  }

  /**
   * Keeps a back end that throws away from traffic: what it throws is counted and swallowed, and
   * when it keeps throwing it is switched off, with one log line. Adapters apply it to what they
   * are given.
   *
   * @param telemetry the back end
   * @return the guarded back end, or {@code telemetry} itself where it is guarded or off already
   */
  static ProxyTelemetry guarded(ProxyTelemetry telemetry) {
    return Guard.around(telemetry);
  }

  /**
   * Whether there is anything to tell. It is asked once, at wiring: where it is {@code false}, an
   * adapter installs nothing at all.
   *
   * @return {@code false} for a telemetry that is off
   */
  default boolean isEnabled() {
    return true;
  }

  /**
   * A client's connection was accepted.
   *
   * @param local the proxy's end of it, if known
   * @param peer the client's end of it, if known; never exported unless the host asks for it
   * @return the observer of that connection
   */
  default DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    return Noop.Downstream.INSTANCE;
  }

  /**
   * A request's head was understood, just now, on a connection that the host does not show.
   *
   * @param request the request's head, read only during this call
   * @return the observer of that request and its response
   */
  default ExchangeObservation startExchange(RequestInfo request) {
    return Noop.Exchange.INSTANCE;
  }

  /**
   * A request's head was understood, on a connection that the host does not show, and its first
   * byte arrived a while ago.
   *
   * @param request the request's head, read only during this call
   * @param receivedNanos when its first byte arrived, on the scale of {@link System#nanoTime()}
   * @return the observer of that request and its response
   */
  default ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return Noop.Exchange.INSTANCE;
  }

  /**
   * The host itself calls a service, outside any exchange: its control plane.
   *
   * @param upstream where the call goes
   * @return the observer of that call
   */
  default AttemptObservation startAttempt(Upstream upstream) {
    return Noop.Attempt.INSTANCE;
  }

  /**
   * A connection is dialled that no attempt waits for, such as one that warms up a pool.
   *
   * @param upstream where it goes
   * @return the observer of that connection
   */
  default ConnectionObservation startUpstreamConnection(Upstream upstream) {
    return Noop.Connection.INSTANCE;
  }

  /**
   * Something of this telemetry threw, and what {@link #guarded} put around it has swallowed it.
   * Told so that a back end can count its own failures.
   *
   * @param thrown what was thrown; its message may carry a user's data
   */
  default void swallowed(Throwable thrown) {}

  /**
   * Offers the back end to catch by itself what its exchanges and attempts throw, which saves an
   * object around each. Asked by {@link #guarded}, once for each time it is put around. A back end
   * that accepts passes to the guard what it has caught, the latest one if it was offered several,
   * and lets it guard what its exchanges and attempts return.
   *
   * @param guard takes what was caught
   * @return whether no exchange and no attempt of this ever throws; otherwise each is wrapped
   */
  default boolean guardsExchanges(ObservationGuard guard) {
    return false;
  }
}
