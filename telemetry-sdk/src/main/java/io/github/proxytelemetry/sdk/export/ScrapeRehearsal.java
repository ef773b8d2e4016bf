package io.github.proxytelemetry.sdk.export;

import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Scrape in each format, to nowhere: part of {@link LinkCheck}. */
final class ScrapeRehearsal
    implements PrometheusHttpExchange, PrometheusHttpRequest, PrometheusHttpResponse {
  private static final List<String> FORMATS =
      List.of(
          "text/plain; version=0.0.4",
          "application/openmetrics-text; version=1.0.0",
          "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
              + " encoding=delimited");

  private final String format;

  private ScrapeRehearsal(String format) {
    this.format = format;
  }

  static void run() {
    PrometheusMetrics metrics = new PrometheusMetrics("rehearsal");
    LinkCheck.record(metrics.addSource());
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(metrics);
    PrometheusScrapeHandler handler = new PrometheusScrapeHandler(registry);
    try {
      for (String format : FORMATS) {
        handler.handleRequest(new ScrapeRehearsal(format));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public PrometheusHttpRequest getRequest() {
    return this;
  }

  @Override
  public PrometheusHttpResponse getResponse() {
    return this;
  }

  @Override
  public String getQueryString() {
    return "";
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return name.equalsIgnoreCase("Accept")
        ? Collections.enumeration(List.of(format))
        : Collections.emptyEnumeration();
  }

  @Override
  public String getMethod() {
    return "GET";
  }

  @Override
  public String getRequestPath() {
    return PrometheusExport.PATH;
  }

  @Override
  public void setHeader(String name, String value) {}

  @Override
  public OutputStream sendHeadersAndGetBody(int status, int length) {
    return OutputStream.nullOutputStream();
  }

  @Override
  public void handleException(IOException e) throws IOException {
    throw e;
  }

  @Override
  public void handleException(RuntimeException e) {
    throw e;
  }

  @Override
  public void close() {}
}
