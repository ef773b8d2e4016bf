package io.github.proxytelemetry.sdk.export;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/**
 * Handler that answers GET and HEAD of exactly one path; the JDK's server gives it all those that
 * begin like it.
 */
final class OwnPath implements HttpHandler {
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  private final String path;
  private final Runnable accepted;
  private final HttpHandler handler;

  /** {@code accepted} is run before the handler, where the request is one for it. */
  OwnPath(String path, Runnable accepted, HttpHandler handler) {
    this.path = path;
    this.accepted = accepted;
    this.handler = handler;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    if (!path.equals(exchange.getRequestURI().getPath())) {
      refuse(exchange, NOT_FOUND);
    } else if (method.equals("GET") || method.equals("HEAD")) {
      accepted.run();
      handler.handle(exchange);
    } else {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      refuse(exchange, METHOD_NOT_ALLOWED);
    }
  }

  /** Closes the connection as well, so that no body is read. */
  static void refuse(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
