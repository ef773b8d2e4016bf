package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.Collection;

/**
 * Sends all metrics at an interval. They are cumulative, so an export that fails is made good by
 * the next one: what counts as lost is only what the last one did not deliver.
 */
final class MetricExport extends ExportLoop implements MetricReader {
  private final MetricExporter exporter;
  private final ExportGuard guard;
  private volatile CollectionRegistration registration = CollectionRegistration.noop();
  private volatile long inFlight;
  private volatile long lost;

  MetricExport(String name, MetricExporter exporter, long intervalNanos, long timeoutNanos) {
    super(name, "metrics", intervalNanos);
    this.exporter = exporter;
    this.guard = new ExportGuard(timeoutNanos);
  }

  @Override
  public void register(CollectionRegistration registration) {
    this.registration = registration;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return AggregationTemporality.CUMULATIVE;
  }

  /** Whoever holds the SDK may ask this; the truth is told by {@link TelemetrySdk#flush} only. */
  @Override
  public CompletableResultCode forceFlush() {
    request();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  void export(boolean last) {
    Collection<MetricData> batch = registration.collectAllMetrics();
    if (batch.isEmpty()) {
      return;
    }
    long points = batch.stream().mapToLong(metric -> metric.getData().getPoints().size()).sum();
    inFlight = points;
    boolean delivered = guard.delivers(() -> exporter.export(batch));
    lost = delivered ? 0 : points;
    inFlight = 0;
    report(delivered);
  }

  @Override
  boolean isFull() {
    return false;
  }

  @Override
  long pending() {
    // Not even collected yet: how many there would be is not known, but it is not none.
    return Math.max(1, inFlight);
  }

  @Override
  long takeLost() {
    return lost;
  }

  @Override
  void shutdownExporter() {
    exporter.shutdown();
  }
}
