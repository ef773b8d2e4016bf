package com.example.httpclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.httpclient.HttpClientTelemetry;
import io.github.proxytelemetry.httpclient.HttpServerTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A proxy of the JDK's server and client, and one request to it. */
public final class Main {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  public static void main(String[] args) throws Exception {
    HttpServer origin = listen();
    origin.createContext("/", exchange -> answer(exchange, 200));
    HttpServer proxy = listen();
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("consumer").prometheus("127.0.0.1", 0).build()) {
      HttpClientTelemetry upstream = HttpClientTelemetry.create(telemetry);
      HttpServerTelemetry.create(telemetry)
          .install(
              proxy.createContext(
                  "/", exchange -> forward(exchange, upstream, origin.getAddress())));
      System.out.println(get(proxy.getAddress()).headers().firstValue("Server-Timing").isPresent());
      InetSocketAddress metrics = telemetry.prometheusAddress("prometheus");
      // The client may be answered before the proxy has counted the end of the attempt.
      while (!get(metrics).body().contains("attempts_total{outcome=\"success\"} 1.0")) {
        Thread.onSpinWait();
      }
      System.out.println("counted");
    } finally {
      proxy.stop(0);
      origin.stop(0);
    }
  }

  private static void forward(
      HttpExchange exchange, HttpClientTelemetry upstream, InetSocketAddress origin)
      throws IOException {
    HttpClient client = upstream.wrap(CLIENT, HttpServerTelemetry.exchange(exchange));
    try {
      answer(exchange, client.send(request(origin), BodyHandlers.ofString()).statusCode());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static HttpResponse<String> get(InetSocketAddress address) throws Exception {
    return CLIENT.send(request(address), BodyHandlers.ofString());
  }

  private static HttpRequest request(InetSocketAddress address) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + "/metrics"))
        .build();
  }

  private static HttpServer listen() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    return server;
  }
}
