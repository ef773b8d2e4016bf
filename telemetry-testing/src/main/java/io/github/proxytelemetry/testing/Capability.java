package io.github.proxytelemetry.testing;

/**
 * Capability of a host or its adapter that a case may need. Where it is waived, the case is skipped
 * and its report shows the reason.
 */
public enum Capability {
  /** Exposes client connections. */
  CONNECTIONS,
  /** Exposes all bytes of client connections, TLS included. */
  WIRE_BYTES,
  /** Exposes all bytes of upstream connections, TLS included. */
  UPSTREAM_WIRE_BYTES,
  /** Reads a pipelined request before the response to the previous one is complete. */
  PIPELINING,
  /** Limits the number of pipelined requests, and refuses a client that exceeds it. */
  PIPELINE_LIMIT,
  /** Forwards interim responses, and exposes them. */
  INTERIM_RESPONSES,
  /** Forwards trailers in both directions. */
  TRAILERS,
  /**
   * Forwards gRPC: HTTP/2 from clients and to the origin, and trailers that no header announces.
   */
  GRPC,
  /** Can respond before the request is complete. */
  EARLY_RESPONSE,
  /** Responds to a client that has half-closed its connection. */
  HALF_CLOSE,
  /** Detects that a client disconnects during its request. */
  CLIENT_ABORT_MID_UPLOAD,
  /** Detects that a client disconnects before the origin responds. */
  CLIENT_ABORT_WHILE_WAITING,
  /** Detects that a client disconnects during the response. */
  CLIENT_ABORT_MID_DOWNLOAD,
  /** Implements each {@link HandlerScript}. */
  HANDLER_SCRIPTS,
  /** Exposes the 500 that is sent when a handler throws. */
  HANDLER_ERROR_RESPONSE,
  /** Exposes the end of a connection whose request no handler responds to. */
  HANDLER_HANGS,
  /** Distinguishes a DNS error from a refused connection. */
  DNS_ERRORS,
  /** Has a connect time-out, see {@link ProxySettings#upstreamTimeout()}. */
  CONNECT_TIMEOUT,
  /** Has a time-out for a complete response, see {@link ProxySettings#totalTimeout()}. */
  TOTAL_TIMEOUT,
  /** Applies the time-out to the body as well, and reports the upstream as its cause. */
  BODY_TIMEOUT,
  /** Pools connections to the origin, see {@link ProxySettings#pooled()}. */
  UPSTREAM_POOL,
  /** Exposes whether a connection to the origin is reused. */
  UPSTREAM_REUSE,
  /** Retries failed attempts, and exposes the retries, see {@link ProxySettings#retries()}. */
  RETRIES,
  /** Exposes each retry as an attempt; has no hidden retries. */
  EVERY_ATTEMPT,
  /** Hedges requests, see {@link ProxySettings#hedged()}. */
  HEDGING,
  /** Uses TLS to the origin, see {@link ProxySettings#upstreamTls()}. */
  UPSTREAM_TLS,
  /** Exposes the TCP connect to the origin and its attempt, before the TLS handshake. */
  SOCKET_CONNECT,
  /** Connects through another proxy, and exposes it, see {@link ProxySettings#nextProxy()}. */
  PROXY_CHAINING,
  /** Uses HTTP/2 to the origin, see {@link ProxySettings#upstreamHttp2()}. */
  UPSTREAM_HTTP2,
  /** Exposes the HTTP version of each attempt, with its request or its response. */
  UPSTREAM_VERSION,
  /** Uses HTTP/2 to the origin with prior knowledge. If waived, the origin has TLS and ALPN. */
  PRIOR_KNOWLEDGE,
  /** Completes the streams that an origin still serves after its GOAWAY. */
  GRACEFUL_GOAWAY,
  /** Answers its client whatever an origin sends: nonsense, half a head, a status that is none. */
  HOSTILE_ORIGINS,
  /** Serves {@code CONNECT}. */
  CONNECT,
  /** Relays bytes from one side of a tunnel after the other side has half-closed. */
  TUNNEL_HALF_CLOSE,
  /** Closes idle tunnels, see {@link ProxySettings#tunnelIdleTimeout()}. */
  TUNNEL_IDLE_TIMEOUT,
  /** Forwards upgrades to another protocol. */
  UPGRADE,
  /** Listens with TLS, and exposes handshakes, see {@link ProxySettings#serverTls()}. */
  TLS,
  /** Has a time-out for handshakes, see {@link ProxySettings#handshakeTimeout()}. */
  TLS_HANDSHAKE_TIMEOUT,
  /** Serves HTTP/2 on its HTTP/1.1 port with prior knowledge, and by ALPN if it has TLS. */
  HTTP2,
  /** Serves the upgrade from HTTP/1.1 to cleartext HTTP/2 (RFC 7540, section 3.2). */
  H2C_UPGRADE,
  /** Serves {@code CONNECT} on an HTTP/2 stream (RFC 9113, section 8.5). */
  HTTP2_CONNECT,
  /**
   * Serves extended {@code CONNECT} for WebSocket on an HTTP/2 stream (RFC 8441), and forwards it
   * to the origin as an HTTP/1.1 upgrade.
   */
  EXTENDED_CONNECT
}
