package io.github.proxytelemetry;

import java.net.SocketAddress;

/** Observation of a client connection. Its end ends the exchanges and tunnels still open on it. */
public interface DownstreamObservation extends ConnectionObservation {
  /**
   * Sets the client's address where it is not the peer of the connection: a trusted load balancer
   * in between has forwarded it, for instance in a PROXY protocol header. Applies to exchanges that
   * start later.
   *
   * @param client the client's address; exported only if the host opts in
   */
  default void clientAddress(SocketAddress client) {}

  /**
   * Starts an exchange whose request head was just parsed.
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
}
