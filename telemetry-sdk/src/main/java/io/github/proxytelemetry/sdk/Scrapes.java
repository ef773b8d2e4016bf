package io.github.proxytelemetry.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.exporter.httpserver.HttpExchangeAdapter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;

/**
 * Answers one scrape. What goes wrong is counted and told as a bare 500: the handler of the client
 * library would send the stack trace to whoever asks.
 */
final class Scrapes implements HttpHandler {
  private static final int INTERNAL_SERVER_ERROR = 500;

  private final PrometheusScrapeHandler handler;
  private final ExportStats stats;
  private final ExportLog log;

  Scrapes(String exporter, PrometheusRegistry registry, ExportStats stats) {
    this.handler = new PrometheusScrapeHandler(registry);
    this.stats = stats;
    this.log =
        new ExportLog(
            "Exporter \"" + exporter + "\": metrics cannot be collected. Traffic is not affected.",
            "Exporter \"" + exporter + "\": metrics are collected again.");
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Adapter adapter = new Adapter(exchange);
    try (adapter) {
      handler.handleRequest(adapter);
    } catch (IOException | RuntimeException | Error e) {
      adapter.failed();
    }
    if (!adapter.failed) {
      report(Outcome.delivered(0), true);
    }
  }

  private synchronized void report(Outcome outcome, boolean success) {
    stats.attempted(outcome, 0);
    log.report(success);
  }

  private final class Adapter extends HttpExchangeAdapter {
    private final HttpExchange exchange;
    private boolean failed;

    Adapter(HttpExchange exchange) {
      super(exchange);
      this.exchange = exchange;
    }

    @Override
    public void handleException(IOException e) {
      failed();
    }

    @Override
    public void handleException(RuntimeException e) {
      failed();
    }

    void failed() {
      if (!failed) {
        failed = true;
        // Before the answer, so that whoever got it finds it counted.
        report(Outcome.ERROR, false);
      }
      try {
        // Too late where a part of the answer is sent; then closing the connection tells it.
        exchange.sendResponseHeaders(INTERNAL_SERVER_ERROR, -1);
      } catch (IOException | IllegalStateException e) {
        exchange.close();
      }
    }
  }
}
