package io.github.proxytelemetry;

/**
 * Phase of establishing a connection, in the usual order.
 *
 * <p>Entering a phase ends the previous one. A phase that is never entered is not recorded, not
 * even as a duration of 0.
 */
public enum ConnectionPhase {
  /** DNS resolution of the destination. */
  DNS_LOOKUP,
  /** TCP handshake. */
  SOCKET_CONNECT,
  /** {@code CONNECT} request to the next proxy of a chain. */
  PROXY_CONNECT,
  /** TLS handshake, as a client or as a server. */
  TLS_HANDSHAKE
}
