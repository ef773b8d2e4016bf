package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Exchange that a handler receives in place of the server's. */
final class ObservedHttpExchange extends HttpExchange implements HttpServerTelemetry.Observed {
  private final HttpExchange exchange;
  private final ServerExchange server;

  ObservedHttpExchange(ServerExchange server) {
    this.exchange = server.exchange;
    this.server = server;
  }

  @Override
  public ManualExchange observed() {
    return server.observed;
  }

  @Override
  public InputStream getRequestBody() {
    return server.getRequestBody();
  }

  @Override
  public OutputStream getResponseBody() {
    return server.getResponseBody();
  }

  @Override
  public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
    server.setStreams(in, out);
  }

  @Override
  public void sendResponseHeaders(int status, long length) throws IOException {
    server.sendResponseHeaders(status, length);
  }

  @Override
  public void close() {
    server.close();
  }

  @Override
  public Headers getRequestHeaders() {
    return exchange.getRequestHeaders();
  }

  @Override
  public Headers getResponseHeaders() {
    return exchange.getResponseHeaders();
  }

  @Override
  public URI getRequestURI() {
    return exchange.getRequestURI();
  }

  @Override
  public String getRequestMethod() {
    return exchange.getRequestMethod();
  }

  @Override
  public HttpContext getHttpContext() {
    return exchange.getHttpContext();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return exchange.getRemoteAddress();
  }

  @Override
  public int getResponseCode() {
    return exchange.getResponseCode();
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return exchange.getLocalAddress();
  }

  @Override
  public String getProtocol() {
    return exchange.getProtocol();
  }

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return exchange.getPrincipal();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return exchange.getAttribute(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    exchange.setAttribute(name, value);
  }
}
