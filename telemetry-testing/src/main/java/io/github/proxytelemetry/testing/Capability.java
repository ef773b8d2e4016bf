package io.github.proxytelemetry.testing;

/**
 * What a host may be unable to do or to show. A case that needs it is then skipped, with a reason.
 */
public enum Capability {
  /** Shows the connections of clients. */
  CONNECTIONS,
  /** Shows every byte on the connections of clients. */
  WIRE_BYTES,
  /** Reads a request while the one before it is being answered. */
  PIPELINING,
  /** Forwards interim responses, and shows them. */
  INTERIM_RESPONSES,
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
  /** Tells a name that does not resolve from a connection that is refused. */
  DNS_ERRORS,
  /** Serves {@code CONNECT}. */
  CONNECT,
  /** Relays what comes from one side of a tunnel after the other side has half-closed. */
  TUNNEL_HALF_CLOSE,
  /** Forwards upgrades to another protocol. */
  UPGRADE
}
