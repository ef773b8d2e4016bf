package io.github.proxytelemetry.sdk.export;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.exporter.httpserver.HttpExchangeAdapter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Handler of one scrape. Failures are counted and answered with a bare 500, where the client
 * library's own handler would send a stack trace.
 */
final class Scrapes implements HttpHandler {
  private static final int INTERNAL_SERVER_ERROR = 500;

  private static final int SERVICE_UNAVAILABLE = 503;

  /** Scrapes at once: each has all metrics in memory. Others are told to come again. */
  private static final int LIMIT = 4;

  private final Semaphore permits = new Semaphore(LIMIT);
  private final PrometheusScrapeHandler handler;
  private final ExportStats stats;
  private final ExportLog log;

  Scrapes(String exporter, PrometheusRegistry registry, ExportStats stats) {
    this.handler = new PrometheusScrapeHandler(registry);
    this.stats = stats;
    this.log =
        new ExportLog(
            "Exporter \"" + exporter + "\": metrics cannot be collected",
            "Exporter \"" + exporter + "\": metrics are collected again.");
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!permits.tryAcquire()) {
      OwnPath.refuse(exchange, SERVICE_UNAVAILABLE);
      return;
    }
    try {
      scrape(exchange);
    } finally {
      permits.release();
    }
  }

  private void scrape(HttpExchange exchange) throws IOException {
    Adapter adapter = new Adapter(exchange);
    try (adapter) {
      handler.handleRequest(adapter);
    } catch (IOException | RuntimeException | Error e) {
      adapter.failed(e);
    }
    if (adapter.broken != null) {
      throw adapter.broken;
    }
    if (!adapter.failed) {
      report(Outcome.delivered(0));
    }
  }

  private synchronized void report(Outcome outcome) {
    stats.attempted(outcome, 0);
    log.report(outcome.isDelivered(), outcome.cause());
  }

  private final class Adapter extends HttpExchangeAdapter {
    private final HttpExchange exchange;
    private boolean failed;

    /**
     * Thrown on once the head is sent: the JDK's server releases a connection whose scraper broke
     * off, with its buffers and descriptor, only if the handler throws.
     */
    private @Nullable IOException broken;

    Adapter(HttpExchange exchange) {
      super(exchange);
      this.exchange = exchange;
    }

    /** Without a body for HEAD: the client library writes one where the scraper takes gzip. */
    @Override
    public HttpResponse getResponse() {
      return exchange.getRequestMethod().equals("HEAD") ? new Head() : super.getResponse();
    }

    @Override
    public void handleException(IOException e) {
      failed(e);
    }

    @Override
    public void handleException(RuntimeException e) {
      failed(e);
    }

    void failed(Throwable thrown) {
      if (!failed) {
        failed = true;
        // Before the answer, so that a scraper that has it finds it counted.
        report(Outcome.error(thrown.getClass().getSimpleName()));
      }
      if (exchange.getResponseCode() >= 0) {
        broken = new IOException(thrown.getClass().getSimpleName());
        return;
      }
      try {
        exchange.sendResponseHeaders(INTERNAL_SERVER_ERROR, -1);
      } catch (IOException e) {
        broken = e;
      }
    }

    private final class Head extends HttpResponse {
      @Override
      public OutputStream sendHeadersAndGetBody(int status, int length) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        return OutputStream.nullOutputStream();
      }
    }
  }
}
