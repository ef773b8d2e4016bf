package io.github.proxytelemetry.sdk.export;

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
 * Export loop of metrics. They are cumulative, so the next export makes good for one that failed:
 * only points of the last export count as lost.
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
    if (mustWait()) {
      lost = Math.max(1, points);
      return;
    }
    points = 0;
    // Collecting runs callbacks of the host, so it is guarded, too.
    Outcome outcome = guard.runAll(this::collectAndExport);
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
    // Not collected yet; there is at least one.
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

  private static long points(Collection<MetricData> metrics) {
    return metrics.stream().mapToLong(metric -> metric.getData().getPoints().size()).sum();
  }

  private Outcome collectAndExport() {
    List<MetricData> batch = new ArrayList<>();
    sources.forEach(source -> batch.addAll(source.registration.collectAllMetrics()));
    points = points(batch);
    return batch.isEmpty() ? Outcome.delivered(0) : send(batch);
  }

  /** Sends in halves what is too large for one request. */
  private Outcome send(List<MetricData> metrics) {
    Outcome outcome = guard.call(() -> exporter.export(metrics));
    if (!outcome.tooLarge() || metrics.size() == 1) {
      return outcome;
    }
    List<MetricData> firstHalf = metrics.subList(0, metrics.size() / 2);
    List<MetricData> secondHalf = metrics.subList(metrics.size() / 2, metrics.size());
    Outcome first = send(firstHalf);
    if (first.isWorthARetry()) {
      return first;
    }
    Outcome second = send(secondHalf);
    if (second.isWorthARetry() || (!first.isDelivered() && !second.isDelivered())) {
      return second;
    }
    return Outcome.delivered(rejected(first, firstHalf) + rejected(second, secondHalf));
  }

  private static long rejected(Outcome outcome, List<MetricData> metrics) {
    return outcome.isDelivered() ? outcome.rejected() : points(metrics);
  }

  /** Reader of one meter provider. */
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

    /** Requests an export without waiting; {@link TelemetrySdk#flush} reports its result. */
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
