package io.github.proxytelemetry.examples.httpclient.minimal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.httpclient.HttpServerTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.concurrent.Executors;

/** Minimal reverse proxy for GET requests on the JDK alone, with telemetry. */
public final class Main {
  // By default it would ask for an upgrade to HTTP/2, and take any 101 for that.
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Arguments: the port of the proxy, the port of its metrics, and the origin as host:port. */
  public static void main(String[] arguments) throws IOException {
    int metricsPort = Integer.parseInt(arguments[1]);
    var telemetry =
        ProxyTelemetrySdk.builder("minimal").prometheus("127.0.0.1", metricsPort).build();
    HttpServer server = start(telemetry, Integer.parseInt(arguments[0]), arguments[2]);
    // Exports the remaining telemetry on Ctrl-C or SIGTERM.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> telemetry.close(Duration.ofSeconds(5))));
    System.out.println("proxy on http://127.0.0.1:" + server.getAddress().getPort() + "/");
    System.out.println("metrics on http://127.0.0.1:" + metricsPort + "/metrics");
  }

  static HttpServer start(ProxyTelemetry telemetry, int port, String origin) throws IOException {
    HttpClientTelemetry upstream = HttpClientTelemetry.create(telemetry);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    var context = server.createContext("/", exchange -> forward(exchange, upstream, origin));
    HttpServerTelemetry.create(telemetry).install(context); // the client side
    server.start();
    return server;
  }

  private static void forward(HttpExchange exchange, HttpClientTelemetry upstream, String origin)
      throws IOException {
    ExchangeObservation observation = HttpServerTelemetry.exchange(exchange);
    HttpClient client = upstream.wrap(CLIENT, observation); // the upstream side
    URI uri = URI.create("http://" + origin + exchange.getRequestURI());
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    try (exchange) {
      HttpResponse<InputStream> response;
      try {
        response = client.send(request, Main::body);
      } catch (IOException | InterruptedException failure) {
        observation.note(Side.UPSTREAM, HttpClientTelemetry.classify(failure), failure);
        exchange.sendResponseHeaders(502, -1);
        return;
      }
      exchange.sendResponseHeaders(response.statusCode(), 0);
      try (InputStream body = response.body();
          OutputStream out = exchange.getResponseBody()) {
        body.transferTo(out);
      }
    }
  }

  /** Nobody asked for a 101: a failure closes the connection, where a status would not. */
  private static BodySubscriber<InputStream> body(ResponseInfo head) {
    if (head.statusCode() == 101) {
      throw new UncheckedIOException(new ProtocolException("101 unasked"));
    }
    return BodySubscribers.ofInputStream();
  }

  private Main() {}
}
