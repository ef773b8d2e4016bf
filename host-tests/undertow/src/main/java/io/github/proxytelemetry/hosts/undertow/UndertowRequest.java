package io.github.proxytelemetry.hosts.undertow;

import io.github.proxytelemetry.RequestInfo;
import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/** Head of a request. */
record UndertowRequest(HttpServerExchange http) implements RequestInfo {
  @Override
  public String method() {
    return http.getRequestMethod().toString();
  }

  @Override
  public String path() {
    return http.getRequestURI();
  }

  @Override
  public String scheme() {
    return http.getRequestScheme();
  }

  @Override
  public @Nullable String header(String name) {
    return http.getRequestHeaders().getFirst(name);
  }
}
