package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Export loop of metrics. Where they are cumulative the next export makes good for one that failed:
 * only points of the last export count as lost. Differences are gone with their export, so it is
 * held until it is delivered or refused, and meanwhile nothing is collected.
 */
final class MetricExport extends ExportLoop {
  private final MetricExporter exporter;
  private final ExportGuard guard;
  private final AggregationTemporalitySelector temporality;
  private final Aggregation histograms;
  private final boolean hasDeltas;
  private final HeldMetrics held = new HeldMetrics();
  private final AtomicLong gone = new AtomicLong();
  private final List<Source> sources = new CopyOnWriteArrayList<>();
  private volatile Batch batch = new Batch();
  private volatile long lost;

  /** What one export has collected: one that timed out may go on, and tells nothing any more. */
  private static final class Batch {
    private volatile List<MetricData> metrics = List.of();
    private volatile long points;
  }

  MetricExport(String name, MetricExporter exporter, ExportGuard guard, long intervalNanos) {
    this(name, exporter, guard, intervalNanos, new OtlpSpec(""));
  }

  MetricExport(
      String name, MetricExporter exporter, ExportGuard guard, long intervalNanos, OtlpSpec spec) {
    super(name, "metrics", intervalNanos);
    this.temporality = spec.temporality;
    this.hasDeltas =
        Stream.of(InstrumentType.values())
            .map(temporality::getAggregationTemporality)
            .anyMatch(kind -> kind == AggregationTemporality.DELTA);
    this.histograms =
        spec.exponentialHistograms
            ? Aggregation.base2ExponentialBucketHistogram()
            : Aggregation.defaultAggregation();
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
      lost = hasDeltas ? 1 : Math.max(1, batch.points);
      giveUp(last);
      return;
    }
    if (hasDeltas) {
      exportDeltas(last);
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

  private void exportDeltas(boolean last) {
    Outcome outcome = exportDeltas();
    while (last && outcome.isWorthARetry() && awaitTurn()) {
      outcome = exportDeltas();
    }
    giveUp(last);
  }

  /** Sends what is held, then what is collected now, and stops where it has to wait. */
  private Outcome exportDeltas() {
    lost = 0;
    Outcome outcome = sendHeld();
    if (outcome.isWorthARetry()) {
      return outcome;
    }
    Outcome collected = guard.runAll(this::hold);
    if (!collected.isDelivered()) {
      attempted(collected, 0);
      lost = 1;
      return collected;
    }
    return sendHeld();
  }

  /** Also runs to its end after a time-out, as what it collects is nowhere else. */
  private Outcome hold() {
    List<MetricData> metrics = new ArrayList<>();
    try {
      sources.forEach(source -> metrics.addAll(source.registration.collectAllMetrics()));
    } finally {
      held.add(metrics);
    }
    return Outcome.delivered(0);
  }

  private Outcome sendHeld() {
    Outcome outcome = Outcome.delivered(0);
    for (List<MetricData> next = held.first(); next != null; next = held.first()) {
      List<MetricData> metrics = next;
      outcome = guard.run(() -> exporter.export(metrics));
      if (outcome.tooLarge() && held.halveFirst()) {
        continue;
      }
      attempted(outcome, HeldMetrics.points(metrics));
      if (outcome.isWorthARetry()) {
        return outcome;
      }
      held.removeFirst();
      boolean refused = outcome.isDelivered() || outcome.kind() == Outcome.Kind.REJECTED;
      drop(
          refused ? ExportStats.Drop.REJECTED : ExportStats.Drop.ERROR, rejected(outcome, metrics));
    }
    return outcome;
  }

  private void giveUp(boolean last) {
    if (last) {
      drop(ExportStats.Drop.SHUT_DOWN, held.clear());
    }
  }

  private void drop(ExportStats.Drop reason, long points) {
    if (points > 0) {
      stats().dropped(reason, points);
      gone.addAndGet(points);
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
  long queued() {
    return held.points();
  }

  @Override
  long takeLost() {
    long points = held.points() + gone.getAndSet(0);
    // With differences, lost only says that some are not collected yet.
    return hasDeltas && points > 0 ? points : lost;
  }

  @Override
  long takeUnfinished() {
    // Those that are lost are among them, and those that are not collected yet are one at least.
    return Math.max(1, hasDeltas ? takeLost() : batch.points);
  }

  @Override
  void shutdownExporter() {
    exporter.shutdown();
  }

  private Outcome collectAndExport(Batch current) {
    List<MetricData> metrics = new ArrayList<>();
    sources.forEach(source -> metrics.addAll(source.registration.collectAllMetrics()));
    current.points = HeldMetrics.points(metrics);
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
    long points = HeldMetrics.points(metrics);
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
      return temporality.getAggregationTemporality(type);
    }

    @Override
    public Aggregation getDefaultAggregation(InstrumentType type) {
      return type == InstrumentType.HISTOGRAM ? histograms : Aggregation.defaultAggregation();
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
