package io.github.proxytelemetry.benchmarks;

import io.opentelemetry.api.OpenTelemetry;

/** A running OpenTelemetry SDK, and what arrived at the far end of it. */
interface Sdk extends AutoCloseable {
  OpenTelemetry openTelemetry();

  /** How many values a counter or a histogram shows to a reader, over all series. */
  long count(String metric);

  /** Whether spans were recorded and have left through the exporter. */
  boolean hasExportedSpans();

  @Override
  void close();
}
