package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.RequestInfo;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of the JDK's client as the model sees it. */
final class SentRequest implements RequestInfo {
  private final HttpRequest request;

  SentRequest(HttpRequest request) {
    this.request = request;
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String path() {
    return path(request.uri());
  }

  @Override
  public @Nullable String scheme() {
    return request.uri().getScheme();
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().map().getOrDefault(name, List.of());
  }

  /** The path and query of a URI. */
  static String path(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    String rooted = path == null || path.isEmpty() ? "/" : path;
    return query == null ? rooted : rooted + "?" + query;
  }
}
