package io.github.proxytelemetry.hosts.javaagent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.httpclient.HttpServerTelemetry;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Proxy on the JDK's server and client. */
final class JdkProxy implements Proxy {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpClientTelemetry upstream;
  private final String origin;
  private final HttpServer server;

  JdkProxy(ProxyTelemetry telemetry, String origin) throws IOException {
    this.upstream = HttpClientTelemetry.create(telemetry);
    this.origin = origin;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    HttpServerTelemetry.create(telemetry).install(server.createContext("/", this::forward));
    server.start();
  }

  @Override
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void forward(HttpExchange exchange) throws IOException {
    ExchangeObservation observation = HttpServerTelemetry.exchange(exchange);
    Scope active = observation.activate();
    GlobalOpenTelemetry.getTracer("host").spanBuilder("host").startSpan().end();
    active.close();
    HttpClient observed = upstream.wrap(client, observation);
    URI uri = URI.create("http://" + origin + exchange.getRequestURI());
    try (exchange) {
      HttpResponse<byte[]> response =
          observed.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(response.statusCode(), response.body().length);
      exchange.getResponseBody().write(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
