package io.github.proxytelemetry;

/**
 * A step in setting up a connection, in the order in which they usually happen.
 *
 * <p>Phases are laps: entering one ends the one before. A phase that is never entered has no
 * duration, which is not the same as a duration of 0.
 */
public enum ConnectionPhase {
  /** Resolving the destination's name. */
  DNS_LOOKUP,
  /** Opening the socket: the TCP handshake. */
  SOCKET_CONNECT,
  /** Asking the next proxy of a chain for a tunnel. */
  PROXY_CONNECT,
  /** The TLS handshake, on either side of the proxy. */
  TLS_HANDSHAKE
}
