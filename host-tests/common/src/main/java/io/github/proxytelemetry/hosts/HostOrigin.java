package io.github.proxytelemetry.hosts;

import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Origin that answers by the path of the request. */
final class HostOrigin implements AutoCloseable {
  static final int LARGE = 20_000_000;
  private static final int MAX_REQUESTS = 200;

  /** Headers of the telemetry, and those that differ from run to run: a port, a random key. */
  private static final Set<String> VARYING =
      Set.of("traceparent", "host", "origin", "sec-websocket-key");

  private static final byte[] LARGE_BODY = new byte[LARGE];

  static {
    for (int i = 0; i < LARGE; i++) {
      LARGE_BODY[i] = (byte) ('a' + i % 23);
    }
  }

  private final ScriptedOrigin origin = ScriptedOrigin.start();

  HostOrigin() throws IOException {
    for (int i = 0; i < MAX_REQUESTS; i++) {
      origin.onRequest(HostOrigin::answer);
    }
  }

  InetSocketAddress address() {
    return origin.address();
  }

  /** Returns each request as text, without the trace headers. */
  List<String> requests() {
    return origin.requests().stream().map(HostOrigin::withoutTraceHeaders).sorted().toList();
  }

  @Override
  public void close() throws IOException {
    origin.close();
  }

  private static String withoutTraceHeaders(RawMessage request) {
    List<String> headers =
        request.headerLines().stream()
            .filter(line -> !VARYING.contains(name(line)))
            .map(line -> line.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:port"))
            .sorted()
            .toList();
    String target = request.target().replaceFirst("^http://[^/]+", "");
    return request.method() + " " + target + " " + headers + " " + request.body();
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  private static void answer(ScriptedOrigin.Connection connection) throws IOException {
    RawMessage request = connection.readRequest();
    String path = request.target().replaceFirst("^http://[^/]+", "");
    switch (path) {
      case "/large" -> {
        connection.send(head("200 OK", "Content-Length: " + LARGE));
        connection.send(LARGE_BODY);
      }
      case "/large-chunked" -> {
        connection.send(head("200 OK", "Transfer-Encoding: chunked"));
        int size = 1 << 16;
        for (int from = 0; from < LARGE; from += size) {
          int to = Math.min(LARGE, from + size);
          connection.send(Integer.toHexString(to - from) + "\r\n");
          connection.send(Arrays.copyOfRange(LARGE_BODY, from, to));
          connection.send("\r\n");
        }
        connection.send("0\r\n\r\n");
      }
      case "/echo" -> connection.send(text("200 OK", request.body()));
      case "/empty" -> connection.send(head("204 No Content"));
      case "/unchanged" -> connection.send(head("304 Not Modified", "ETag: \"1\""));
      case "/missing" -> connection.send(text("404 Not Found", "no such page"));
      case "/broken" -> connection.send(text("500 Internal Server Error", "broken"));
      case "/cut" -> {
        connection.send(head("200 OK", "Content-Length: 1000") + "only this");
        connection.close();
      }
      case "/reset" -> connection.reset();
      case "/socket" -> {
        connection.send(WebSocketClient.accept(request));
        WebSocketClient.echo(connection);
      }
      default ->
          connection.send(
              request.method().equals("HEAD")
                  ? head("200 OK", "Content-Length: 5")
                  : text("200 OK", "hello"));
    }
  }

  private static String text(String status, String body) {
    return head(status, "Content-Type: text/plain", "Content-Length: " + body.length()) + body;
  }

  private static String head(String status, String... headers) {
    return "HTTP/1.1 "
        + status
        + "\r\n"
        + String.join("\r\n", headers)
        + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
  }
}
