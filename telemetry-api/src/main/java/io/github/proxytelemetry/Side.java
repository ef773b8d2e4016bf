package io.github.proxytelemetry;

/** A party to a proxied exchange: who caused a failure, or which end of a tunnel something is. */
public enum Side {
  /** The client that sent the request to the proxy. */
  DOWNSTREAM,
  /** The proxy itself, its configuration and its handlers. */
  PROXY,
  /** The destination, its name service, and the network on the way to it. */
  UPSTREAM
}
