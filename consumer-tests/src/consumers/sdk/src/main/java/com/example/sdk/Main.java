package com.example.sdk;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A host that leaves OpenTelemetry to us, exports to a collector and is scraped. */
public final class Main {
  public static void main(String[] args) throws IOException {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        http -> {
          http.getRequestBody().readAllBytes();
          http.sendResponseHeaders(200, -1);
          http.close();
        });
    collector.start();
    String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("consumer")
            .otlp(endpoint, otlp -> otlp.http().gzip())
            .prometheus("127.0.0.1", 0)
            .propagators("tracecontext", "b3", "xray")
            .sampling(Sampling.always())
            .build()) {
      ExchangeObservation exchange = telemetry.startExchange(() -> "GET");
      exchange.responseStarted(200);
      exchange.end();
      System.out.println(telemetry.flush(Duration.ofSeconds(60)).status());
      System.out.println(
          scrape(telemetry.prometheusAddress("prometheus").getPort())
              .lines()
              .filter(line -> line.equals("privacy_proxy_requests_total{method=\"GET\"} 1.0"))
              .count());
    } finally {
      collector.stop(0);
    }
  }

  private static String scrape(int port) throws IOException {
    try (InputStream in = new URL("http://127.0.0.1:" + port + "/metrics").openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
