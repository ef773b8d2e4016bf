package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Span processor that queues ended spans, and export loop that sends them in batches. Ending a span
 * never waits. A batch that could not be delivered is retried until the queue needs its room, so
 * that spans survive an outage.
 */
final class SpanExport extends ExportLoop implements SpanProcessor {
  static final int CAPACITY = SpanQueue.CAPACITY;
  static final int BATCH = SpanQueue.BATCH;

  /** The default of the OpenTelemetry specification. */
  private static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final SpanExporter exporter;
  private final ExportGuard guard;
  private final ExportLog dropLog;
  private final SpanQueue queue = new SpanQueue();

  /** Lost spans that no flush has reported yet. */
  private final AtomicLong lost = new AtomicLong();

  /** Used by the loop's thread only. */
  private int batchLimit = BATCH;

  private volatile boolean closed;
  private volatile boolean overflowing;

  SpanExport(String name, SpanExporter exporter, ExportGuard guard) {
    super(name, "traces", DELAY_NANOS);
    this.exporter = exporter;
    this.guard = guard;
    this.dropLog =
        new ExportLog(
            "Exporter \"" + name + "\": spans come faster than they can be sent, some are dropped",
            "Exporter \"" + name + "\": no more spans are dropped.");
  }

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (closed) {
      lose(ExportStats.Drop.SHUT_DOWN, 1);
      return;
    }
    SpanQueue.Entry entry = queue.add(span);
    while (queue.dropOldestIfTooMuch()) {
      overflowing = true;
      lose(ExportStats.Drop.QUEUE_FULL, 1);
    }
    if (closed && queue.withdraw(entry)) {
      // The last batch was taken between the check and the add.
      lose(ExportStats.Drop.SHUT_DOWN, 1);
    } else if (queue.size() == BATCH) {
      wake();
    }
  }

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
    // Only the spans queued by now, so that a flush ends under load.
    int left = queue.size();
    while (left > 0 && awaitTurn()) {
      List<SpanQueue.Entry> batch = queue.nextBatch(batchLimit);
      if (batch.isEmpty()) {
        break;
      }
      if (exportBatch(batch)) {
        left -= batch.size();
      }
      dropLog.report(!overflowing, "");
      overflowing = false;
    }
    if (last) {
      closed = true;
      while (queue.dropOldest()) {
        lose(ExportStats.Drop.SHUT_DOWN, 1);
      }
    }
  }

  @Override
  boolean isFull() {
    return queue.size() >= BATCH;
  }

  @Override
  long queued() {
    return queue.size();
  }

  @Override
  long takeLost() {
    return lost.getAndSet(0);
  }

  @Override
  long takeUnfinished() {
    return takeLost() + queue.size();
  }

  @Override
  void shutdownExporter() {
    closed = true;
    exporter.shutdown();
  }

  long queuedBytes() {
    return queue.bytes();
  }

  /** Returns whether the batch is delivered or lost, and not to be retried. */
  private boolean exportBatch(List<SpanQueue.Entry> batch) {
    List<SpanData> spans = batch.stream().map(SpanQueue.Entry::span).toList();
    Outcome outcome = guard.run(() -> exporter.export(spans));
    if (outcome.tooLarge() && batch.size() > 1) {
      // Retried in halves.
      batchLimit = batch.size() / 2;
      queue.putBack(batch);
      return false;
    }
    batchLimit = Math.min(BATCH, 2 * batchLimit);
    boolean again = outcome.isWorthARetry();
    if (again) {
      // Before a flush returns, so that the oldest spans are first again.
      queue.putBack(batch);
    }
    attempted(outcome, batch.size());
    if (again) {
      return false;
    }
    queue.release(batch);
    if (!outcome.isDelivered()) {
      lose(
          outcome.kind() == Outcome.Kind.ERROR ? ExportStats.Drop.ERROR : ExportStats.Drop.REJECTED,
          batch.size());
    } else if (outcome.rejected() > 0) {
      lose(ExportStats.Drop.REJECTED, Math.min(outcome.rejected(), batch.size()));
    }
    return true;
  }

  private void lose(ExportStats.Drop reason, long count) {
    lost.addAndGet(count);
    stats().dropped(reason, count);
  }
}
