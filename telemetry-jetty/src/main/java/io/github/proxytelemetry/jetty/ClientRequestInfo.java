package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.RequestInfo;
import java.util.List;
import org.eclipse.jetty.client.Request;
import org.jspecify.annotations.Nullable;

/** Head of a request to an upstream. */
record ClientRequestInfo(Request request) implements RequestInfo {
  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public @Nullable String path() {
    String path = request.getPath();
    if (path == null || !path.startsWith("/")) {
      return null;
    }
    String query = request.getQuery();
    return query == null ? path : path + "?" + query;
  }

  @Override
  public String scheme() {
    return request.getScheme();
  }

  @Override
  public @Nullable String protocolVersion() {
    return ServerRequestInfo.versionNumber(request.getVersion());
  }

  @Override
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.getHeaders().getValuesList(name);
  }
}
