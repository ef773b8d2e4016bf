package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.RequestInfo;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Head of a request of the JDK's client, or of the opening handshake of a WebSocket. */
final class ClientRequestInfo implements RequestInfo {
  private final String method;
  private final URI uri;
  private final Map<String, List<String>> headers;
  private final boolean opensWebSocket;

  private ClientRequestInfo(
      String method, URI uri, Map<String, List<String>> headers, boolean opensWebSocket) {
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.opensWebSocket = opensWebSocket;
  }

  static ClientRequestInfo of(HttpRequest request) {
    return new ClientRequestInfo(request.method(), request.uri(), request.headers().map(), false);
  }

  /** The opening handshake of a WebSocket (RFC 6455, section 4.1). */
  static ClientRequestInfo webSocket(URI uri, Map<String, List<String>> headers) {
    return new ClientRequestInfo("GET", uri, headers, true);
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
   * A WebSocket handshake uses HTTP/1.1. The version of other requests is unknown until the
   * response.
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
