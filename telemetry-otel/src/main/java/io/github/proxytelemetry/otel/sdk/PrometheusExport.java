package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A listener that Prometheus collects the metrics from. */
final class PrometheusExport {
  private static final int MAX_PORT = 65535;

  /** Two, so that one slow reader does not keep the next collection waiting. */
  private static final int THREADS = 2;

  private final PrometheusMetricReader reader;
  private final HTTPServer server;
  private final ExecutorService executor;
  private final InetSocketAddress address;

  static PrometheusExport start(String name, PrometheusOptions options) {
    if (options.port < 0 || options.port > MAX_PORT) {
      throw new IllegalArgumentException(
          "prometheus port: was " + options.port + ", allowed are 1 to 65535, and 0 for any");
    }
    InetAddress host = resolve(options.host);
    // Nothing but our own names and labels: Prometheus adds job and instance by itself.
    PrometheusMetricReader reader =
        PrometheusMetricReader.builder()
            .setOtelScopeLabelsEnabled(false)
            .setTargetInfoMetricEnabled(false)
            .build();
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(reader);
    ExecutorService executor =
        Executors.newFixedThreadPool(THREADS, new NamedThreads("proxy-telemetry-" + name));
    try {
      HTTPServer server =
          HTTPServer.builder()
              .inetAddress(host)
              .port(options.port)
              .registry(registry)
              .executorService(executor)
              .buildAndStart();
      return new PrometheusExport(
          reader, server, executor, new InetSocketAddress(host, server.getPort()));
    } catch (IOException | RuntimeException e) {
      executor.shutdownNow();
      throw new IllegalStateException(
          "prometheus port: "
              + options.port
              + " on "
              + options.host
              + " cannot be opened, it may be in use; allowed is a free one, or 0 for any",
          e);
    }
  }

  private PrometheusExport(
      PrometheusMetricReader reader,
      HTTPServer server,
      ExecutorService executor,
      InetSocketAddress address) {
    this.reader = reader;
    this.server = server;
    this.executor = executor;
    this.address = address;
  }

  PrometheusMetricReader reader() {
    return reader;
  }

  InetSocketAddress address() {
    return address;
  }

  void close() {
    server.stop();
    executor.shutdownNow();
  }

  private static InetAddress resolve(String host) {
    try {
      InetAddress address = host.isBlank() ? null : InetAddress.getByName(host);
      if (address != null
          && (address.isLoopbackAddress()
              || address.isAnyLocalAddress()
              || NetworkInterface.getByInetAddress(address) != null)) {
        return address;
      }
    } catch (UnknownHostException | SocketException e) {
      // Told below: there is nothing more to say about it.
    }
    throw new IllegalArgumentException(
        "prometheus host: was \""
            + host
            + "\", allowed are addresses of this machine, such as 127.0.0.1");
  }
}
