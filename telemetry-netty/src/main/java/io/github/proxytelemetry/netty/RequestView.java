package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.RequestInfo;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * View of an HTTP/1.1 request for the back end. A new view per call is cheaper than one kept per
 * channel: storing the request in it would trigger G1's post-write barrier, while escape analysis
 * mostly removes the allocation.
 */
record RequestView(HttpRequest request, boolean secure) implements RequestInfo {
  private static final String SCHEME_END = "://";

  @Override
  public String method() {
    return request.method().name();
  }

  /** Path and query; an absolute-form target loses its scheme and authority. */
  @Override
  public @Nullable String path() {
    String target = request.uri();
    if (request.method().equals(HttpMethod.CONNECT)) {
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
  public String scheme() {
    String target = request.uri();
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return "http";
    }
    return secure || target.regionMatches(true, 0, "https://", 0, 8) ? "https" : "http";
  }

  @Override
  public @Nullable String protocolVersion() {
    HttpVersion version = request.protocolVersion();
    if (version.equals(HttpVersion.HTTP_1_1)) {
      return "1.1";
    }
    return version.equals(HttpVersion.HTTP_1_0) ? "1.0" : null;
  }

  @Override
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }
}
