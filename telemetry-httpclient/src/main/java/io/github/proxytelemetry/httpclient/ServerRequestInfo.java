package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.github.proxytelemetry.RequestInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Head of a request to the JDK's server. */
final class ServerRequestInfo implements RequestInfo {
  private static final String HTTP = "HTTP/";

  private final HttpExchange exchange;

  ServerRequestInfo(HttpExchange exchange) {
    this.exchange = exchange;
  }

  /** RFC 9112, section 6: a request has a body if it has one of these headers. */
  boolean hasBody() {
    String length = header("Content-Length");
    return header("Transfer-Encoding") != null || (length != null && !length.equals("0"));
  }

  @Override
  public String method() {
    return exchange.getRequestMethod();
  }

  @Override
  public String path() {
    return ClientRequestInfo.path(exchange.getRequestURI());
  }

  @Override
  public String scheme() {
    return exchange instanceof HttpsExchange ? "https" : "http";
  }

  @Override
  public @Nullable String protocolVersion() {
    String protocol = exchange.getProtocol();
    return protocol.startsWith(HTTP) ? protocol.substring(HTTP.length()) : null;
  }

  @Override
  public @Nullable String header(String name) {
    return ServerHeaders.ACCESS.get(exchange.getRequestHeaders(), name);
  }

  @Override
  public List<String> headers(String name) {
    return exchange.getRequestHeaders().getOrDefault(name, List.of());
  }
}
