package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.examples.common.HopByHop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import java.util.Set;

/** What the gateway makes of requests. */
final class Requests {
  private static final String VIA = "1.1 reverse-proxy";
  private static final Set<HttpMethod> IDEMPOTENT =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.OPTIONS,
          HttpMethod.TRACE,
          HttpMethod.PUT,
          HttpMethod.DELETE);

  private Requests() {}

  /** Whether there is nothing to it but its head. */
  static boolean isBodiless(HttpRequest request) {
    return !HttpUtil.isTransferEncodingChunked(request)
        && HttpUtil.getContentLength(request, 0L) == 0;
  }

  /** Whether doing it twice is the same as doing it once (RFC 9110, section 9.2.2). */
  static boolean isIdempotent(HttpRequest request) {
    return IDEMPOTENT.contains(request.method()) && !wantsWebSocket(request);
  }

  /** HTTP/1.0 has no upgrades (RFC 9110, section 7.8). */
  static boolean wantsWebSocket(HttpRequest request) {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && request.method().equals(HttpMethod.GET)
        && request.headers().containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
        && request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
  }

  /** Without both headers the client would refuse it (RFC 6455, section 4.1). */
  static boolean grantsWebSocket(HttpResponse response) {
    return response.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
        && response.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
  }

  /** A copy of the request as it goes on to the upstream. */
  static HttpRequest onwards(HttpRequest request) {
    HttpRequest onwards =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, request.method(), request.uri(), request.headers().copy());
    removeHopByHop(onwards, wantsWebSocket(request));
    for (ExtensionHeaderNames name : ExtensionHeaderNames.values()) {
      onwards.headers().remove(name.text());
    }
    return onwards;
  }

  /** Leaves what asks for a WebSocket, or grants it, where that is meant. */
  static void removeHopByHop(HttpMessage message, boolean webSocket) {
    HopByHop.remove(message);
    if (webSocket) {
      message
          .headers()
          .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
          .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }
    message.headers().add(HttpHeaderNames.VIA, VIA);
  }

  /** The answer where an upstream failed so. */
  static HttpResponseStatus status(ProxyError error) {
    return switch (error) {
      case CONNECTION_TIMEOUT, HTTP_RESPONSE_TIMEOUT -> HttpResponseStatus.GATEWAY_TIMEOUT;
      default -> HttpResponseStatus.BAD_GATEWAY;
    };
  }
}
