package io.github.proxytelemetry.sdk.export;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.exporter.httpserver.HttpExchangeAdapter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Handler of one scrape. Failures are counted and answered with a bare 500, where the client
 * library's own handler would send a stack trace.
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
      adapter.failed(e);
    }
    if (adapter.broken != null) {
      throw adapter.broken;
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

    /**
     * Thrown on once the head is sent: the JDK's server releases a connection whose scraper broke
     * off, with its buffers and descriptor, only if the handler throws.
     */
    private @Nullable IOException broken;

    Adapter(HttpExchange exchange) {
      super(exchange);
      this.exchange = exchange;
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
        report(Outcome.ERROR, false);
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
  }
}
