package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.TunnelKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/** Request methods that change the meaning of the response. */
enum RequestKind {
  /** Any other method. */
  PLAIN,
  /** The response has no body, whatever is written (RFC 9110, section 9.3.2). */
  HEAD,
  /** A 2xx response opens a tunnel (RFC 9110, section 9.3.6). */
  CONNECT;

  static RequestKind of(HttpMethod method) {
    if (method.equals(HttpMethod.HEAD)) {
      return HEAD;
    }
    return method.equals(HttpMethod.CONNECT) ? CONNECT : PLAIN;
  }

  /** Whether the response ends HTTP/1.1 on the connection. */
  boolean switchesProtocol(int status) {
    return status == 101 || (this == CONNECT && status >= 200 && status < 300);
  }

  /** Whether the codec drops a body that is written with the response. */
  boolean isBodyless(int status) {
    return this == HEAD || status == 204 || status == 205 || status == 304;
  }

  /** Kind of the tunnel that a response which switches protocols opens. */
  TunnelKind tunnelKind(HttpHeaders responseHeaders) {
    if (this == CONNECT) {
      return TunnelKind.CONNECT;
    }
    return responseHeaders.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
        ? TunnelKind.WEBSOCKET
        : TunnelKind.UPGRADE;
  }
}
