package io.github.proxytelemetry.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdkBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A running console and its telemetry. */
final class Console implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);

  final ProxyTelemetrySdk telemetry;
  final ConsoleServer server;

  static Console start() {
    return start(telemetry -> {}, console -> {});
  }

  static Console start(
      Consumer<ProxyTelemetrySdkBuilder> telemetry, Consumer<ConsoleServerBuilder> console) {
    return new Console(telemetry, console);
  }

  private Console(
      Consumer<ProxyTelemetrySdkBuilder> options, Consumer<ConsoleServerBuilder> console) {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge").sampling(Sampling.always()).liveView();
    options.accept(builder);
    telemetry = builder.build();
    ConsoleServerBuilder server = ConsoleServer.builder(telemetry).listen("127.0.0.1", 0);
    console.accept(server);
    this.server = server.start();
  }

  String authority() {
    return "127.0.0.1:" + server.address().getPort();
  }

  /** Sends a request as it is, and returns the whole answer of a connection that is then closed. */
  String send(String head) throws IOException {
    try (Socket socket = connect()) {
      write(socket, head + "Connection: close\r\n\r\n");
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  String get(String path, String... headers) throws IOException {
    return send(request("GET", path, headers));
  }

  int status(String method, String path, String... headers) throws IOException {
    return Integer.parseInt(send(request(method, path, headers)).split(" ", 3)[1]);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  String request(String method, String path, String... headers) {
    StringBuilder head = new StringBuilder(method + ' ' + path + " HTTP/1.1\r\n");
    boolean host = false;
    for (String header : headers) {
      host |= header.startsWith("Host:");
      head.append(header).append("\r\n");
    }
    return host ? head.toString() : head + "Host: " + authority() + "\r\n";
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads the page's events until one is as wanted. */
  JsonNode await(Predicate<JsonNode> wanted) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (Socket socket = connect()) {
      write(socket, request("GET", "/events") + "\r\n");
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      JsonNode last = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          last = mapper.readTree(line.substring("data: ".length()));
          if (wanted.test(last)) {
            return last;
          }
        }
        if (System.nanoTime() > deadline) {
          break;
        }
      }
      throw new AssertionError("never as wanted: " + last);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    telemetry.close();
  }
}
