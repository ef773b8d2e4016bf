package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Queues spans that have ended and sends them in batches. Whoever ends a span never waits. */
final class SpanExport extends ExportLoop implements SpanProcessor {
  // The three defaults of the OpenTelemetry specification. A full queue of our spans is about 2 MB.
  static final int CAPACITY = 2048;
  static final int BATCH = 512;
  private static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final SpanExporter exporter;
  private final ExportGuard guard;
  private final Queue<ReadableSpan> queue = new ConcurrentLinkedQueue<>();

  /** What is queued or under way. */
  private final AtomicInteger size = new AtomicInteger();

  private final AtomicLong lost = new AtomicLong();
  private volatile boolean closed;

  SpanExport(String name, SpanExporter exporter, long timeoutNanos) {
    super(name, "traces", DELAY_NANOS);
    this.exporter = exporter;
    this.guard = new ExportGuard(timeoutNanos);
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
    int before = size.getAndIncrement();
    if (closed || before >= CAPACITY) {
      size.decrementAndGet();
      lost.incrementAndGet();
      return;
    }
    queue.add(span);
    if (closed && queue.remove(span)) {
      // The last batch was taken between the check and the add.
      size.decrementAndGet();
      lost.incrementAndGet();
    } else if (before + 1 == BATCH) {
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
    // No more than there are now, so that a flush ends under load.
    int left = size.get();
    while (left > 0 && !isAbandoned()) {
      List<SpanData> batch = nextBatch();
      if (batch.isEmpty()) {
        break;
      }
      left -= batch.size();
      boolean delivered = guard.delivers(() -> exporter.export(batch));
      size.addAndGet(-batch.size());
      if (!delivered) {
        lost.addAndGet(batch.size());
      }
      report(delivered);
    }
    if (last) {
      closed = true;
      rejectRest();
    }
  }

  @Override
  boolean isFull() {
    return size.get() >= BATCH;
  }

  @Override
  long pending() {
    return size.get();
  }

  @Override
  long takeLost() {
    return lost.getAndSet(0);
  }

  @Override
  void shutdownExporter() {
    closed = true;
    exporter.shutdown();
  }

  private List<SpanData> nextBatch() {
    List<SpanData> batch = new ArrayList<>(BATCH);
    ReadableSpan span = queue.poll();
    while (span != null) {
      batch.add(span.toSpanData());
      span = batch.size() < BATCH ? queue.poll() : null;
    }
    return batch;
  }

  /** Ended while the last batches were under way. */
  private void rejectRest() {
    while (queue.poll() != null) {
      size.decrementAndGet();
      lost.incrementAndGet();
    }
  }
}
