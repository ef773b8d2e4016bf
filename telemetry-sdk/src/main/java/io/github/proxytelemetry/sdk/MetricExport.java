package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sends all metrics at an interval. They are cumulative, so an export that fails is made good by
 * the next one: what counts as lost is only what the last one did not deliver.
 */
final class MetricExport extends ExportLoop {
  private final MetricExporter exporter;
  private final ExportGuard guard;
  private final List<Source> sources = new CopyOnWriteArrayList<>();
  private volatile long points;
  private volatile long lost;

  MetricExport(String name, MetricExporter exporter, ExportGuard guard, long intervalNanos) {
    super(name, "metrics", intervalNanos);
    this.exporter = exporter;
    this.guard = guard;
  }

  /** A reader to register with one more provider of metrics. */
  MetricReader addSource() {
    Source source = new Source();
    sources.add(source);
    return source;
  }

  @Override
  void export(boolean last) {
    if (isToldToWait()) {
      lost = Math.max(1, points);
      return;
    }
    points = 0;
    // Collecting runs callbacks of the host, and is guarded for that.
    Outcome outcome = guard.run(this::collectAndExport);
    lost = outcome.isDelivered() ? outcome.rejected() : Math.max(1, points);
    if (outcome.isDelivered() && points == 0) {
      return;
    }
    attempted(outcome, points);
    if (outcome.kind() == Outcome.Kind.REJECTED || outcome.rejected() > 0) {
      stats().dropped(ExportStats.Drop.REJECTED, lost);
    }
  }

  @Override
  boolean isFull() {
    return false;
  }

  @Override
  long pending() {
    // Not even collected yet: how many there would be is not known, but it is not none.
    return Math.max(1, points);
  }

  @Override
  long takeLost() {
    return lost;
  }

  @Override
  void shutdownExporter() {
    exporter.shutdown();
  }

  static long points(Collection<MetricData> metrics) {
    return metrics.stream().mapToLong(metric -> metric.getData().getPoints().size()).sum();
  }

  private CompletableResultCode collectAndExport() {
    Collection<MetricData> batch = new ArrayList<>();
    sources.forEach(source -> batch.addAll(source.registration.collectAllMetrics()));
    points = points(batch);
    return batch.isEmpty() ? CompletableResultCode.ofSuccess() : exporter.export(batch);
  }

  /** What the SDK registers. */
  private final class Source implements MetricReader {
    private volatile CollectionRegistration registration = CollectionRegistration.noop();

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
  }
}
