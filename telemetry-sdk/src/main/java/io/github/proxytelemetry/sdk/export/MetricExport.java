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
  private volatile Batch batch = new Batch();
  private volatile long lost;

  /** What one export has collected: one that timed out may go on, and tells nothing any more. */
  private static final class Batch {
    private volatile List<MetricData> metrics = List.of();
    private volatile long points;
  }

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
    if (last ? !awaitTurn() : mustWait()) {
      lost = Math.max(1, batch.points);
      return;
    }
    Batch current = new Batch();
    batch = current;
    // Collecting runs callbacks of the host, so it is guarded, too.
    Outcome outcome = guard.runAll(() -> collectAndExport(current));
    conclude(outcome, current);
    // There is no next export that would make good for the last one.
    while (last && outcome.isWorthARetry() && awaitTurn()) {
      outcome =
          guard.runAll(
              current.metrics.isEmpty()
                  ? () -> collectAndExport(current)
                  : () -> send(current.metrics));
      conclude(outcome, current);
    }
  }

  private void conclude(Outcome outcome, Batch current) {
    // A destination may say that it rejected more than it was sent.
    long rejected = Math.min(outcome.rejected(), current.points);
    lost = outcome.isDelivered() ? rejected : Math.max(1, current.points);
    if (outcome.isDelivered() && current.points == 0) {
      return;
    }
    attempted(outcome, current.points);
    if (outcome.kind() == Outcome.Kind.REJECTED || rejected > 0) {
      stats().dropped(ExportStats.Drop.REJECTED, lost);
    }
  }

  @Override
  boolean isFull() {
    return false;
  }

  @Override
  long takeLost() {
    return lost;
  }

  @Override
  long takeUnfinished() {
    // Those that are lost are among them, and those that are not collected yet are one at least.
    return Math.max(1, batch.points);
  }

  @Override
  void shutdownExporter() {
    exporter.shutdown();
  }

  private static long points(Collection<MetricData> metrics) {
    return metrics.stream().mapToLong(metric -> metric.getData().getPoints().size()).sum();
  }

  private Outcome collectAndExport(Batch current) {
    List<MetricData> metrics = new ArrayList<>();
    sources.forEach(source -> metrics.addAll(source.registration.collectAllMetrics()));
    current.points = points(metrics);
    current.metrics = metrics;
    return metrics.isEmpty() ? Outcome.delivered(0) : send(metrics);
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
    long points = points(metrics);
    return outcome.isDelivered() ? Math.min(outcome.rejected(), points) : points;
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
