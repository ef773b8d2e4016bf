package io.github.proxytelemetry.examples.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Collector that takes everything over OTLP/HTTP and keeps nothing. */
final class Collector implements AutoCloseable {
  private final int port;
  private @Nullable HttpServer server;

  Collector() throws IOException {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Stops it, or starts it again at the same address. */
  synchronized void setDown(boolean down) {
    try {
      if (!down && server == null) {
        server = listen(port);
      } else if (down) {
        close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  private static HttpServer listen(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", Collector::accept);
    server.start();
    return server;
  }

  private static void accept(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      // An empty message: nothing was rejected.
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }
}
