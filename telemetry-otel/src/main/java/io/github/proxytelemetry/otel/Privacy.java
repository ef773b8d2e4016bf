package io.github.proxytelemetry.otel;

/** How much may be told about a single request. */
public enum Privacy {
  /**
   * Spans tell what the HTTP conventions require: method, scheme, path without query, route,
   * status, and the address of an upstream that has a name. They tell no query, no header, no
   * client's address, no user agent, and not where a user went in a forward proxy, unless the host
   * asks for it. This is the default.
   */
  STANDARD,

  /**
   * There is no signal about a single request at all: no span, no trace id in logs, and trace
   * headers are taken off requests and responses, because an identifier that is known on both sides
   * of a privacy proxy joins what it keeps apart (RFC 9614, section 6). Metrics remain, and {@code
   * Server-Timing} in whole milliseconds.
   *
   * <p>The headers are those of W3C Trace Context and Baggage, B3, Jaeger, OpenTracing and X-Ray.
   * Headers whose names are made up by the sender, {@code uberctx-*} and {@code ot-baggage-*},
   * cannot be found by name and stay: a privacy proxy should forward known headers only (RFC 9458,
   * section 6.2). Where the host lets nobody see its headers, nothing can be taken off.
   */
  STRICT
}
