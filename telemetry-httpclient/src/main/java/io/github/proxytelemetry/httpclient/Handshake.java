package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.RequestInfo;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The request that opens a WebSocket (RFC 6455, section 4.1). */
final class Handshake implements RequestInfo {
  private final URI uri;
  private final Map<String, List<String>> headers;

  Handshake(URI uri, Map<String, List<String>> headers) {
    this.uri = uri;
    this.headers = headers;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return SentRequest.path(uri);
  }

  @Override
  public String scheme() {
    return "wss".equalsIgnoreCase(uri.getScheme()) ? "https" : "http";
  }

  @Override
  public String protocolVersion() {
    return "1.1";
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
}
