package io.github.proxytelemetry;

/** One client's connection to the proxy. Ending it ends whatever is still open on it. */
public interface DownstreamObservation extends ConnectionObservation {
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
