package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.RequestInfo;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request of the JDK's client as the model sees it, also one that opens a WebSocket. */
final class SentRequest implements RequestInfo {
  private final String method;
  private final URI uri;
  private final Map<String, List<String>> headers;
  private final boolean opensWebSocket;

  private SentRequest(
      String method, URI uri, Map<String, List<String>> headers, boolean opensWebSocket) {
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.opensWebSocket = opensWebSocket;
  }

  static SentRequest of(HttpRequest request) {
    return new SentRequest(request.method(), request.uri(), request.headers().map(), false);
  }

  /** The request that opens a WebSocket (RFC 6455, section 4.1). */
  static SentRequest webSocket(URI uri, Map<String, List<String>> headers) {
    return new SentRequest("GET", uri, headers, true);
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String path() {
    return path(uri);
  }

  @Override
  public @Nullable String scheme() {
    if (!opensWebSocket) {
      return uri.getScheme();
    }
    return "wss".equalsIgnoreCase(uri.getScheme()) ? "https" : "http";
  }

  /**
   * WebSockets are opened with HTTP/1.1. The version of all else is known with the response only.
   */
  @Override
  public @Nullable String protocolVersion() {
    return opensWebSocket ? "1.1" : null;
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** The path and query of a URI. */
  static String path(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    String rooted = path == null || path.isEmpty() ? "/" : path;
    return query == null ? rooted : rooted + "?" + query;
  }
}
