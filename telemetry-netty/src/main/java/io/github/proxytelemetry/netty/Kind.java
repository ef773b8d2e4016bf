package io.github.proxytelemetry.netty;

import io.netty.handler.codec.http.HttpMethod;

/** What must be known of a request when its response comes. */
enum Kind {
  /** Nothing special. */
  PLAIN,
  /** Its response has no body, whatever is written (RFC 9110, section 9.3.2). */
  HEAD,
  /** A 2xx to it begins a tunnel (RFC 9110, section 9.3.6). */
  CONNECT;

  static Kind of(HttpMethod method) {
    if (method.equals(HttpMethod.HEAD)) {
      return HEAD;
    }
    return method.equals(HttpMethod.CONNECT) ? CONNECT : PLAIN;
  }

  /** Whether the response ends HTTP on the connection. */
  boolean switches(int status) {
    return status == 101 || (this == CONNECT && status >= 200 && status < 300);
  }

  /** Whether the codec drops what is written as the response's body. */
  boolean isBodyless(int status) {
    return this == HEAD || status == 204 || status == 205 || status == 304;
  }
}
