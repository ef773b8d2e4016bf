package io.github.proxytelemetry.sdk.export;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** HTTP listener for Prometheus, at {@code /metrics}. */
final class PrometheusExport {
  static final String PATH = "/metrics";
  private static final int MAX_PORT = 65535;

  /** Requests being read or answered at once; others wait, up to the same number again. */
  private static final int THREADS = 16;

  private static final int QUEUED = 16;

  /** Time for a request's head, which scrapers send in one packet. */
  private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** From the head of a request to the last byte of the answer: the time-out of Prometheus. */
  static final long SCRAPE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ExportStats stats;
  private final PrometheusMetrics metrics;
  private final HttpServer server;
  private final DeadlineThreads threads;

  static PrometheusExport start(String name, PrometheusSpec spec, long scrapeNanos) {
    if (spec.port < 0 || spec.port > MAX_PORT) {
      throw new IllegalArgumentException(
          "prometheus port: invalid value " + spec.port + "; expected 1 to 65535, or 0 for any");
    }
    InetAddress host = resolve(spec.origin, spec.host);
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(host, spec.port), 0);
      return new PrometheusExport(name, spec, server, scrapeNanos);
    } catch (IOException e) {
      throw new IllegalStateException(
          "prometheus port: "
              + spec.port
              + " on "
              + spec.host
              + " cannot be opened, it may be in use; expected a free one, or 0 for any",
          e);
    }
  }

  private PrometheusExport(String name, PrometheusSpec spec, HttpServer server, long scrapeNanos) {
    this.stats = new ExportStats(name, "metrics", () -> 0);
    this.metrics = new PrometheusMetrics(name);
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(metrics);
    this.server = server;
    long headNanos = Math.min(HEAD_NANOS, scrapeNanos);
    this.threads = new DeadlineThreads("proxy-telemetry-" + name, THREADS, QUEUED, headNanos);
    HttpContext context =
        server.createContext(
            PATH,
            new OwnPath(
                PATH, () -> threads.extend(scrapeNanos), new Scrapes(name, registry, stats)));
    server.createContext("/", new OwnPath("/", () -> {}, PrometheusExport::index));
    if (spec.auth != null) {
      context.setAuthenticator(spec.auth);
    }
    server.setExecutor(threads);
    server.start();
  }

  /** Adds a reader, to be registered with one more meter provider; the first is the host's too. */
  MetricReader addSource() {
    return metrics.addSource();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  String url() {
    String host = address().getAddress().getHostAddress();
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + address().getPort()
        + PATH;
  }

  ExportStats stats() {
    return stats;
  }

  void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** What a person sees who opens the port in a browser. */
  private static void index(HttpExchange exchange) throws IOException {
    byte[] page =
        ("<!doctype html><title>Proxy Telemetry</title><a href=\"" + PATH + "\">" + PATH + "</a>\n")
            .getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().set("Content-Type", "text/html");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : page.length);
    if (!head) {
      exchange.getResponseBody().write(page);
    }
    exchange.close();
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
      // Reported below.
    }
    throw new IllegalArgumentException(
        key
            + ": invalid value \""
            + host
            + "\"; expected an address of this machine, such as 127.0.0.1");
  }
}
