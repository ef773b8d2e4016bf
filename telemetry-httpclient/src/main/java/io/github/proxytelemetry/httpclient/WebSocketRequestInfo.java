package io.github.proxytelemetry.httpclient;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** Opening handshake of a WebSocket (RFC 6455, section 4.1). */
final class WebSocketRequestInfo extends OutgoingHeaders {
  private final URI uri;

  WebSocketRequestInfo(URI uri, Map<String, List<String>> headers) {
    super(headers);
    this.uri = uri;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return ClientRequestInfo.path(uri);
  }

  @Override
  public String scheme() {
    return "wss".equalsIgnoreCase(uri.getScheme()) ? "https" : "http";
  }

  /**
   * The JDK has WebSockets over HTTP/1.1 only; other requests get their version at the response.
   */
  @Override
  public String protocolVersion() {
    return "1.1";
  }
}
