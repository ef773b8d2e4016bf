package io.github.proxytelemetry;

/** Side of a proxied exchange: the cause of a failure, or one end of a tunnel. */
public enum Side {
  /** The client. */
  DOWNSTREAM,
  /** The proxy itself, its configuration and its handlers. */
  PROXY,
  /** The destination, its name service, and the network on the way to it. */
  UPSTREAM
}
