package io.github.proxytelemetry;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry of a proxy: an SPI that adapters call and back ends implement. Adapters report events
 * of connections, requests and upstream attempts; a back end turns them into metrics and spans.
 *
 * <pre>
 * ProxyTelemetry
 * ├─ startDownstreamConnection → {@link DownstreamObservation}     a client connection
 * │    └─ startExchange*       → {@link ExchangeObservation}       a request and its response
 * │         ├─ startAttempt*   → {@link AttemptObservation}        one attempt at an upstream
 * │         │    └─ startConnection? → {@link ConnectionObservation}   a connection opened for it
 * │         └─ startTunnel?    → {@link TunnelObservation}         CONNECT or an upgrade
 * ├─ startExchange             → in hosts that do not expose client connections
 * ├─ startAttempt              → a request of the host itself, outside any exchange
 * └─ startUpstreamConnection   → a connection opened for no particular attempt
 * </pre>
 *
 * <p><b>Lifecycle.</b> A {@code start} method returns the observation of what it starts, and never
 * {@code null}. The first terminal call ends an observation; later calls on it are ignored. Apart
 * from that, events may be reported in any order, repeatedly or not at all.
 *
 * <p><b>Time.</b> An event is reported when it happens: the back end reads the clock. The only
 * timestamps passed in are {@code receivedNanos} of {@link #startExchange(RequestInfo, long)}.
 *
 * <p><b>Threading.</b> An observation is used by one thread at a time; a host that moves it to
 * another thread orders the calls (happens-before). Different observations may be used
 * concurrently, and terminal calls may race. No method blocks.
 *
 * <p><b>Errors.</b> Observations are called on the host's I/O threads and must not throw. {@link
 * #guarded} adds that guarantee to a back end that does not give it itself.
 *
 * <p><b>Null.</b> Parameters are non-null unless marked {@code @Nullable}. An unexpected {@code
 * null} at run time is ignored by the back end, as it must not fail a request.
 *
 * <p>Each default method does nothing and returns a no-op observation.
 */
public interface ProxyTelemetry {
  /**
   * Disabled telemetry: adapters that are given it install nothing.
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
   * Whether the telemetry records anything. Adapters read it once, when they are installed: if
   * {@code false}, they install nothing.
   *
   * @return {@code false} for disabled telemetry
   */
  default boolean isEnabled() {
    return true;
  }

  /**
   * Starts a client connection that was just accepted.
   *
   * @param local the proxy's address of the connection, if known
   * @param peer the client's address, if known; exported only if the host opts in
   * @return the observation of the connection
   */
  default DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    return Noop.Downstream.INSTANCE;
  }

  /**
   * Starts an exchange whose request head was just parsed, in a host that does not expose client
   * connections.
   *
   * @param request the request head, valid during this call only
   * @return the observation of the exchange
   */
  default ExchangeObservation startExchange(RequestInfo request) {
    return Noop.Exchange.INSTANCE;
  }

  /**
   * Starts an exchange as {@link #startExchange(RequestInfo)} does, with the time at which the
   * first byte of the request arrived.
   *
   * @param request the request head, valid during this call only
   * @param receivedNanos the time of the first byte, on the scale of {@link System#nanoTime()}
   * @return the observation of the exchange
   */
  default ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return Noop.Exchange.INSTANCE;
  }

  /**
   * Starts a request that the host makes for itself, outside any exchange, such as one to its
   * control plane.
   *
   * @param upstream the destination
   * @return the observation of the request
   */
  default AttemptObservation startAttempt(Upstream upstream) {
    return Noop.Attempt.INSTANCE;
  }

  /**
   * Starts an upstream connection that no attempt waits for, such as one that a pool opens ahead of
   * use.
   *
   * @param upstream the destination
   * @return the observation of the connection
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
