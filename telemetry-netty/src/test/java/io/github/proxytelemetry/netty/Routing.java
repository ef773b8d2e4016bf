package io.github.proxytelemetry.netty;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Destinations of requests, and the form in which they are forwarded. */
final class Routing {
  static HttpResponseStatus status(@Nullable Throwable cause) {
    return cause instanceof ConnectTimeoutException
            || cause instanceof ReadTimeoutException
            || cause instanceof TimeoutException
        ? HttpResponseStatus.GATEWAY_TIMEOUT
        : HttpResponseStatus.BAD_GATEWAY;
  }

  static @Nullable InetSocketAddress target(
      HttpRequest request, @Nullable InetSocketAddress origin) {
    try {
      if (request.uri().startsWith("/")) {
        return origin;
      }
      boolean connect = request.method().equals(HttpMethod.CONNECT);
      URI uri = new URI(connect ? "//" + request.uri() : request.uri());
      int port = uri.getPort() < 0 ? 80 : uri.getPort();
      return uri.getHost() == null ? null : InetSocketAddress.createUnresolved(uri.getHost(), port);
    } catch (java.net.URISyntaxException | IllegalArgumentException bad) {
      return null;
    }
  }

  static HttpRequest outgoing(HttpRequest request) {
    String target = request.uri();
    int authority = target.indexOf("://");
    if (!target.startsWith("/") && authority > 0) {
      int path = target.indexOf('/', authority + 3);
      target = path < 0 ? "/" : target.substring(path);
    }
    HttpRequest outgoing =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, request.method(), target, request.headers().copy());
    outgoing.headers().remove("Proxy-Connection").remove(HttpHeaderNames.PROXY_AUTHORIZATION);
    if (!outgoing.headers().contains(HttpHeaderNames.UPGRADE)) {
      outgoing.headers().remove(HttpHeaderNames.CONNECTION);
    }
    return outgoing;
  }

  /** Whether the request has only a head and an idempotent method (RFC 9110, section 9.2.2). */
  static boolean isRepeatable(HttpRequest request) {
    return request.method().equals(HttpMethod.GET)
        && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
        && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
        && !request.headers().contains(HttpHeaderNames.UPGRADE);
  }

  /** Translates an extended CONNECT for WebSocket to an HTTP/1.1 upgrade. */
  static HttpRequest webSocket(HttpRequest request) {
    String protocol = request.headers().get("x-http2-protocol");
    String path = request.headers().get("x-http2-path");
    if (!request.method().equals(HttpMethod.CONNECT) || protocol == null || path == null) {
      return request;
    }
    HttpRequest upgrade =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, path, request.headers().copy());
    upgrade
        .headers()
        .remove("x-http2-protocol")
        .remove("x-http2-path")
        .set(HttpHeaderNames.CONNECTION, "Upgrade")
        .set(HttpHeaderNames.UPGRADE, protocol)
        .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==");
    return upgrade;
  }

  private Routing() {}
}
