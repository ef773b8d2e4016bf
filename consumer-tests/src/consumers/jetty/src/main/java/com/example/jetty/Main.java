package com.example.jetty;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Server;

/** A proxy of Jetty's, and one request to it. */
public final class Main {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  public static void main(String[] args) throws Exception {
    HttpServer origin = HttpServer.create(ANY, 0);
    origin.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    origin.start();
    Server proxy = new Server(ANY);
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("consumer").prometheus("127.0.0.1", 0).build()) {
      start(proxy, JettyTelemetry.create(telemetry), origin.getAddress().getPort());
      HttpResponse<String> answer = get(proxy.getURI().getPort());
      System.out.println(answer.headers().firstValue("Server-Timing").isPresent());
      int metrics = telemetry.prometheusAddress("prometheus").getPort();
      // The client may be answered before the proxy has counted the end of the attempt.
      while (!get(metrics).body().contains("attempts_total{outcome=\"success\"} 1.0")) {
        Thread.onSpinWait();
      }
      System.out.println("counted");
    } finally {
      proxy.stop();
      origin.stop(0);
    }
  }

  private static void start(Server proxy, JettyTelemetry jetty, int origin) throws Exception {
    proxy.setHandler(
        new ProxyHandler.Reverse(
            request -> HttpURI.build(request.getHttpURI()).authority("127.0.0.1", origin)) {
          @Override
          protected HttpClient newHttpClient() {
            return jetty.install(new TelemetryHttpClient());
          }
        });
    jetty.install(proxy).start();
  }

  private static HttpResponse<String> get(int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    return java.net.http.HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
