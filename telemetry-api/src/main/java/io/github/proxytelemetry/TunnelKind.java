package io.github.proxytelemetry;

/** Kind of a tunnel, by the request that opened it. */
public enum TunnelKind {
  /** A {@code CONNECT} request answered with a 2xx (RFC 9110, section 9.3.6). */
  CONNECT,
  /** An upgrade to WebSocket: a 101 (RFC 6455), or an extended CONNECT (RFC 8441). */
  WEBSOCKET,
  /** An upgrade to any other protocol (RFC 9110, section 7.8). */
  UPGRADE
}
