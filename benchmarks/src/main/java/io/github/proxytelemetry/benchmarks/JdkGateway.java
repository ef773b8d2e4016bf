package io.github.proxytelemetry.benchmarks;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.httpclient.HttpServerTelemetry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.java11.instrument.binder.jdk.MicrometerHttpClient;
import io.opentelemetry.instrumentation.javahttpclient.JavaHttpClientTelemetry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A gateway on nothing but the JDK, whose requests each take a thread. Neither Micrometer nor
 * OpenTelemetry has a library for its server: they see the upstream leg only.
 */
final class JdkGateway implements ProxyHost {
  private static final int BACKLOG = 4096;

  private final String mode;
  private final String origin;
  private final Recorder recorder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final HttpServer server;
  private final Function<HttpExchange, HttpClient> clients;

  JdkGateway(String mode, int origin) throws IOException {
    this.mode = mode;
    this.origin = "http://127.0.0.1:" + origin;
    this.recorder = Recorder.of(mode);
    this.clients = clients();
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(threads);
    HttpContext everything = server.createContext("/", this::forward);
    if (!mode.startsWith("client")) {
      HttpServerTelemetry.create(recorder.telemetry()).install(everything);
    }
    server.start();
  }

  @Override
  public int http1() {
    return server.getAddress().getPort();
  }

  @Override
  public void verify(long requests, long tunnels) {
    if (mode.equals("peerMicrometer")) {
      long counted =
          registry.find("http.client.requests").timers().stream().mapToLong(Timer::count).sum();
      Instrumentation.require(counted == requests, "client requests");
    } else {
      recorder.verifyGateway(mode, requests);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    recorder.close();
  }

  private Function<HttpExchange, HttpClient> clients() {
    HttpClient bare = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    if (mode.equals("peerMicrometer")) {
      return always(
          MicrometerHttpClient.instrumentationBuilder(bare, registry)
              .uriMapper(request -> "/users/{id}")
              .build());
    }
    if (mode.startsWith("peer")) {
      return always(JavaHttpClientTelemetry.create(recorder.openTelemetry()).newHttpClient(bare));
    }
    HttpClientTelemetry ours = HttpClientTelemetry.create(recorder.telemetry());
    return mode.startsWith("client") || recorder.sdk() == null
        ? always(ours.wrap(bare))
        : exchange -> ours.wrap(bare, HttpServerTelemetry.exchange(exchange));
  }

  private static Function<HttpExchange, HttpClient> always(HttpClient client) {
    return exchange -> client;
  }

  private void forward(HttpExchange exchange) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + exchange.getRequestURI())).build();
    try (exchange) {
      HttpResponse<byte[]> response =
          clients.apply(exchange).send(request, BodyHandlers.ofByteArray());
      exchange
          .getResponseHeaders()
          .set("Content-Type", response.headers().firstValue("Content-Type").orElse("text/plain"));
      exchange.sendResponseHeaders(response.statusCode(), response.body().length);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(response.body());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
