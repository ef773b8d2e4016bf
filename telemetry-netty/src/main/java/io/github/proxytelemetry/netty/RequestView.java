package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.RequestInfo;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * View of an HTTP/1.1 request for the back end. An interface, so that the handler that has the
 * request is the view as well: one for each request would be 24 bytes, on both sides of the proxy.
 */
interface RequestView extends RequestInfo {
  String SCHEME_END = "://";

  /** The request that is being reported. */
  HttpRequest request();

  /** Whether it is sent over TLS. */
  boolean isSecure();

  @Override
  default String method() {
    return request().method().name();
  }

  /** Path and query; an absolute-form target loses its scheme and authority. */
  @Override
  default @Nullable String path() {
    String target = request().uri();
    if (request().method().equals(HttpMethod.CONNECT)) {
      return null;
    }
    if (target.startsWith("/")) {
      return target;
    }
    int authority = target.indexOf(SCHEME_END);
    if (authority < 0) {
      return null;
    }
    for (int i = authority + SCHEME_END.length(); i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/') {
        return target.substring(i);
      }
      if (c == '?' || c == '#') {
        return "/" + target.substring(i);
      }
    }
    return "/";
  }

  @Override
  default String scheme() {
    String target = request().uri();
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return "http";
    }
    return isSecure() || target.regionMatches(true, 0, "https://", 0, 8) ? "https" : "http";
  }

  @Override
  default @Nullable String protocolVersion() {
    HttpVersion version = request().protocolVersion();
    if (version.equals(HttpVersion.HTTP_1_1)) {
      return "1.1";
    }
    return version.equals(HttpVersion.HTTP_1_0) ? "1.0" : null;
  }

  @Override
  default @Nullable String header(String name) {
    return request().headers().get(HeaderNames.of(name));
  }

  @Override
  default List<String> headers(String name) {
    return request().headers().getAll(HeaderNames.of(name));
  }
}
