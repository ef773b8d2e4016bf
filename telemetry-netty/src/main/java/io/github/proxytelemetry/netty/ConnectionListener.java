package io.github.proxytelemetry.netty;

/**
 * Callbacks from the handler of a connection to the handler of its requests. A direct call costs
 * less than one more handler in the path of every event.
 */
interface ConnectionListener {
  /** The connection to an upstream is usable, TLS included. */
  default void connectionEstablished() {}

  /** A flush of the channel has returned. */
  default void flushed() {}
}
