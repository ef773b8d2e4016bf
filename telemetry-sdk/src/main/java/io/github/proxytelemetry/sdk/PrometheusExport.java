package io.github.proxytelemetry.sdk;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** A listener that Prometheus collects the metrics from. */
final class PrometheusExport {
  private static final int MAX_PORT = 65535;

  /** So many scrapes at once; others wait. */
  private static final int THREADS = 4;

  /** From the first byte of a request to the last of the answer; Prometheus waits as long. */
  static final long SCRAPE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final ExportStats stats;
  private final PrometheusRegistry registry;
  private final HttpServer server;
  private final DeadlineThreads threads;

  static PrometheusExport start(String name, PrometheusOptions options, long scrapeNanos) {
    if (options.port < 0 || options.port > MAX_PORT) {
      throw new IllegalArgumentException(
          "prometheus port: was " + options.port + ", allowed are 1 to 65535, and 0 for any");
    }
    InetAddress host = resolve(options.origin, options.host);
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(host, options.port), 0);
      return new PrometheusExport(name, options, server, scrapeNanos);
    } catch (IOException e) {
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
      String name, PrometheusOptions options, HttpServer server, long scrapeNanos) {
    this.name = name;
    this.stats = new ExportStats();
    this.registry = new PrometheusRegistry();
    this.server = server;
    this.threads = new DeadlineThreads("proxy-telemetry-" + name, THREADS, scrapeNanos);
    HttpContext context = server.createContext("/metrics", new Scrapes(name, registry, stats));
    if (options.auth != null) {
      context.setAuthenticator(options.auth);
    }
    server.setExecutor(threads);
    server.start();
  }

  /** A reader to register with one more provider of metrics. */
  MetricReader addSource() {
    // Nothing but our own names and labels: Prometheus adds job and instance by itself.
    PrometheusMetricReader reader =
        PrometheusMetricReader.builder()
            .setOtelScopeLabelsEnabled(false)
            .setTargetInfoMetricEnabled(false)
            .build();
    registry.register(reader);
    return reader;
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  ExporterHealth health() {
    return stats.health(name, "metrics", 0);
  }

  void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static InetAddress resolve(String key, String host) {
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
        key + ": was \"" + host + "\", allowed are addresses of this machine, such as 127.0.0.1");
  }
}
