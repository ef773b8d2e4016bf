package io.github.proxytelemetry.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Handler of all requests: the page's few files, its stream of events, and switches. */
final class Requests implements HttpHandler {
  private static final System.Logger LOGGER = System.getLogger(Requests.class.getPackageName());

  private static final String EVENTS = "text/event-stream";
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  /** Nothing from elsewhere, nothing inline, in nobody's frame. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'; require-trusted-types-for 'script'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  /** By path. There is no other way to a file. */
  private static final Map<String, Resource> RESOURCES =
      Map.of(
          "/", Resource.load("index.html", "text/html; charset=utf-8"),
          "/console.css", Resource.load("console.css", "text/css; charset=utf-8"),
          "/console.js", Resource.load("console.js", "text/javascript; charset=utf-8"),
          "/charts.js", Resource.load("charts.js", "text/javascript; charset=utf-8"),
          "/icon.svg", Resource.load("icon.svg", "image/svg+xml"));

  private final Gate gate;
  private final Watchers watchers;
  private final Toggles toggles;

  Requests(Gate gate, Watchers watchers, Toggles toggles) {
    this.gate = gate;
    this.watchers = watchers;
    this.toggles = toggles;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Headers answer = exchange.getResponseHeaders();
    HEADERS.forEach(answer::set);
    String path = exchange.getRequestURI().getRawPath();
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> {
        int status = gate.check(exchange.getRequestHeaders(), "/".equals(path));
        if (status == Gate.OK) {
          read(exchange, path == null ? "" : path);
        } else {
          refuse(exchange, status);
        }
      }
      case "POST" -> {
        int status =
            toggles.isEmpty() ? NOT_ALLOWED : gate.checkChange(exchange.getRequestHeaders());
        refuse(exchange, status == Gate.OK ? change(path == null ? "" : path) : status);
      }
      default -> refuse(exchange, NOT_ALLOWED);
    }
  }

  private void read(HttpExchange exchange, String path) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    Resource resource = RESOURCES.get(path);
    if (resource != null) {
      exchange.getResponseHeaders().set("Content-Type", resource.contentType());
      try (exchange) {
        if (head) {
          // The JDK's server takes the length of an answer to HEAD from its header.
          exchange.getResponseHeaders().set("Content-Length", "" + resource.bytes().length);
          exchange.sendResponseHeaders(Gate.OK, -1);
        } else {
          exchange.sendResponseHeaders(Gate.OK, resource.bytes().length);
          exchange.getResponseBody().write(resource.bytes());
        }
      }
    } else if (!path.equals("/events")) {
      refuse(exchange, NOT_FOUND);
    } else if (head) {
      exchange.getResponseHeaders().set("Content-Type", EVENTS);
      refuse(exchange, Gate.OK);
    } else if (watchers.reserve()) {
      exchange.getResponseHeaders().set("Content-Type", EVENTS);
      watchers.add(exchange);
    } else {
      exchange.getResponseHeaders().set("Retry-After", "10");
      refuse(exchange, UNAVAILABLE);
    }
  }

  private int change(String path) {
    try {
      return toggles.set(path) ? NO_CONTENT : NOT_FOUND;
    } catch (RuntimeException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "A switch of the console failed with " + e.getClass().getName());
      return SERVER_ERROR;
    }
  }

  /** An answer without a body. */
  private static void refuse(HttpExchange exchange, int status) throws IOException {
    if (status == Gate.UNAUTHORIZED) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Basic realm=\"console\", charset=\"UTF-8\"");
    } else if (status == NOT_ALLOWED) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
    }
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  /** A file of the page. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Resource(byte[] bytes, String contentType) {
    static Resource load(String name, String contentType) {
      try (InputStream in = Requests.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("the jar has no " + name);
        }
        return new Resource(in.readAllBytes(), contentType);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
