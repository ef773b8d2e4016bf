package io.github.proxytelemetry;

import java.net.SocketAddress;

/** One client's connection to the proxy. Ending it ends whatever is still open on it. */
public interface DownstreamObservation extends ConnectionObservation {
  /**
   * The client is not where the connection comes from: something the host trusts stands between
   * them, and says so, by the PROXY protocol for instance. Holds for the exchanges that start after
   * it.
   *
   * @param client the client's address; never exported unless the host asks for it
   */
  default void clientAddress(SocketAddress client) {}

  /**
   * A request's head was understood, just now.
   *
   * @param request the request's head, read only during this call
   * @return the observer of that request and its response
   */
  default ExchangeObservation startExchange(RequestInfo request) {
    return Noop.Exchange.INSTANCE;
  }

  /**
   * A request's head was understood, and its first byte arrived a while ago.
   *
   * @param request the request's head, read only during this call
   * @param receivedNanos when its first byte arrived, on the scale of {@link System#nanoTime()}
   * @return the observer of that request and its response
   */
  default ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return Noop.Exchange.INSTANCE;
  }
}
