package io.github.proxytelemetry.testing;

/**
 * What a host may be unable to do or to show. A case that needs it is then skipped, with a reason.
 */
public enum Capability {
  /** Shows the connections of clients. */
  CONNECTIONS,
  /** Shows every byte on the connections of clients. */
  WIRE_BYTES,
  /** Shows every byte on the connections to origins. */
  UPSTREAM_WIRE_BYTES,
  /** Reads a request while the one before it is being answered. */
  PIPELINING,
  /** Refuses a client that sends hundreds of requests ahead of their answers. */
  PIPELINE_LIMIT,
  /** Forwards interim responses, and shows them. */
  INTERIM_RESPONSES,
  /** Forwards trailers, both ways. */
  TRAILERS,
  /** Can answer while the request is still being received. */
  EARLY_RESPONSE,
  /** Answers a client that has half-closed its connection. */
  HALF_CLOSE,
  /** Notices that a client leaves while its request is being received. */
  CLIENT_ABORT_MID_UPLOAD,
  /** Notices that a client leaves while the origin has not answered. */
  CLIENT_ABORT_WHILE_WAITING,
  /** Notices that a client leaves while it is being answered. */
  CLIENT_ABORT_MID_DOWNLOAD,
  /** Has handlers that can play a {@link HandlerScript}. */
  HANDLER_SCRIPTS,
  /** Shows the 500 that a client gets when a handler throws. */
  HANDLER_ERROR_RESPONSE,
  /** Shows the end of a request that no handler ever answers, with its connection. */
  HANDLER_HANGS,
  /** Tells a name that does not resolve from a connection that is refused. */
  DNS_ERRORS,
  /** Gives up an origin that accepts no connection in time, see {@link ProxySettings}. */
  CONNECT_TIMEOUT,
  /** Gives up an origin that sends, but not fast enough, see {@link ProxySettings}. */
  TOTAL_TIMEOUT,
  /** Gives it up also when it has sent the head of its response in time, and blames it for that. */
  BODY_TIMEOUT,
  /** Keeps connections to the origin for the next request, see {@link ProxySettings}. */
  UPSTREAM_POOL,
  /** Shows whether a connection to the origin was used before. */
  UPSTREAM_REUSE,
  /** Makes further attempts after one that failed, and shows them, see {@link ProxySettings}. */
  RETRIES,
  /** Sends no request again but in an attempt that it shows. */
  EVERY_ATTEMPT,
  /** Makes two attempts at once, see {@link ProxySettings}. */
  HEDGING,
  /** Speaks TLS to the origin, see {@link ProxySettings}. */
  UPSTREAM_TLS,
  /** Shows that it connects to the origin, and for which attempt, before it speaks TLS. */
  SOCKET_CONNECT,
  /** Reaches the origin through another proxy, and shows how, see {@link ProxySettings}. */
  PROXY_CHAINING,
  /** Speaks HTTP/2 to the origin, see {@link ProxySettings}. */
  UPSTREAM_HTTP2,
  /**
   * Does so with prior knowledge, without TLS. Where this is waived, the origin has TLS and ALPN.
   */
  PRIOR_KNOWLEDGE,
  /** Goes on with the streams that an origin serves still when it goes away. */
  GRACEFUL_GOAWAY,
  /** Serves {@code CONNECT}. */
  CONNECT,
  /** Relays what comes from one side of a tunnel after the other side has half-closed. */
  TUNNEL_HALF_CLOSE,
  /** Closes a tunnel in which nothing moves, see {@link ProxySettings}. */
  TUNNEL_IDLE_TIMEOUT,
  /** Forwards upgrades to another protocol. */
  UPGRADE,
  /** Listens with TLS, and shows the handshakes of clients, see {@link ProxySettings}. */
  TLS,
  /** Gives up a client that does not finish its handshake in time, see {@link ProxySettings}. */
  TLS_HANDSHAKE_TIMEOUT,
  /** Serves HTTP/2 with prior knowledge, on the port of HTTP/1.1, and by ALPN where it has TLS. */
  HTTP2,
  /** Serves the upgrade from HTTP/1.1 to cleartext HTTP/2 (RFC 7540, section 3.2). */
  H2C_UPGRADE,
  /** Serves {@code CONNECT} on a stream of HTTP/2. */
  HTTP2_CONNECT,
  /**
   * Serves extended {@code CONNECT} to WebSocket on a stream of HTTP/2 (RFC 8441), and opens it to
   * the origin as an upgrade of HTTP/1.1.
   */
  EXTENDED_CONNECT
}
