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
    return NoopTelemetry.INSTANCE;
  }

  /**
   * Keeps the exceptions of a back end away from the host's traffic: they are caught, counted and
   * reported to {@link #swallowed}. A back end that keeps failing is disabled for a while, see
   * {@link CircuitBreaker}. Adapters call this on the telemetry they are given.
   *
   * @param telemetry the back end
   * @return the guarded back end; {@code telemetry} itself where it {@linkplain #isGuarded is
   *     guarded}; {@link #noop()} where it is not {@linkplain #isEnabled enabled}
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
   * Whether nothing this back end or its observations do ever throws. {@link #guarded} then adds no
   * wrapper, which saves an object for each observation.
   *
   * @return {@code true} for a back end that catches its own exceptions and errors in every method
   */
  default boolean isGuarded() {
    return false;
  }

  /**
   * Reports an exception that was caught in the telemetry's code, so that a back end can export a
   * count of such failures. Called by {@link #guarded} for what the back end threw, and by an
   * adapter for exceptions of its own handler code.
   *
   * @param thrown the exception or error; its message may contain a user's data
   */
  default void swallowed(Throwable thrown) {}
}
