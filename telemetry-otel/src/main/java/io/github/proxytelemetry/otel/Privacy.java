package io.github.proxytelemetry.otel;

/** Privacy level: how much is recorded about a single request. */
public enum Privacy {
  /**
   * Spans have the attributes that the HTTP conventions require: method, scheme, path without
   * query, route, status, and the address of an upstream that has a name. Query, headers, the
   * client's address, the user agent and the destination in a forward proxy are recorded only where
   * the host captures them. This is the default.
   */
  STANDARD,

  /**
   * No signal about a single request: no span, no trace id in logs, and trace headers are removed
   * from requests and responses, because an identifier known on both sides of a privacy proxy joins
   * what it keeps apart (RFC 9614, section 6). Metrics remain, and {@code Server-Timing} in whole
   * milliseconds.
   *
   * <p>The headers are those of W3C Trace Context and Baggage, B3, Jaeger, OpenTracing and X-Ray.
   * Headers with names of the sender's choice, {@code uberctx-*} and {@code ot-baggage-*}, cannot
   * be removed by name: a privacy proxy should forward known headers only (RFC 9458, section 6.2).
   * Where a host gives no access to its headers, none can be removed.
   */
  STRICT
}
