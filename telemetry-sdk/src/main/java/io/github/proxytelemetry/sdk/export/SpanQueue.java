package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Queue of spans that wait for their export or are being exported. Bounded in number and in bytes,
 * as a few thousand long attributes would fill a heap. When it is full the oldest waiting span is
 * dropped, as the last minutes of an outage are the interesting ones. Adding never waits.
 */
final class SpanQueue {
  // The two defaults of the OpenTelemetry specification.
  static final int CAPACITY = 2048;
  static final int BATCH = 512;

  /** Four times the size of 2048 spans of this library. */
  static final long MAX_BYTES = 8 * 1024 * 1024;

  /** A batch under way cannot be dropped, so it is only a part of the queue. */
  private static final long MAX_BATCH_BYTES = MAX_BYTES / 4;

  private final Deque<SpanData> waiting = new ConcurrentLinkedDeque<>();

  /** Spans that wait or are under way. */
  private final AtomicInteger size = new AtomicInteger();

  private final AtomicLong bytes = new AtomicLong();

  void add(SpanData span) {
    size.incrementAndGet();
    bytes.addAndGet(SpanWeight.of(span));
    waiting.addLast(span);
  }

  /** Removes a span again, unless it is in a batch already. */
  boolean withdraw(SpanData span) {
    return waiting.remove(span) && release(span);
  }

  /** Makes room; returns whether a span was dropped for it. */
  boolean dropOldestIfTooMuch() {
    if (size.get() <= CAPACITY && bytes.get() <= MAX_BYTES) {
      return false;
    }
    return dropOldest();
  }

  boolean dropOldest() {
    SpanData oldest = waiting.pollFirst();
    return oldest != null && release(oldest);
  }

  /** The next batch, which counts as queued until it is {@link #release released}. */
  List<SpanData> nextBatch(int limit) {
    List<SpanData> batch = new ArrayList<>();
    long taken = 0;
    SpanData next = waiting.pollFirst();
    while (next != null) {
      batch.add(next);
      taken += SpanWeight.of(next);
      next = batch.size() < limit && taken < MAX_BATCH_BYTES ? waiting.pollFirst() : null;
    }
    return batch;
  }

  /** Returns a batch to the head, to be retried. */
  void putBack(List<SpanData> batch) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      waiting.addFirst(batch.get(i));
    }
  }

  /** Removes a batch that was delivered or lost. */
  void release(List<SpanData> batch) {
    batch.forEach(this::release);
  }

  int size() {
    return size.get();
  }

  long bytes() {
    return bytes.get();
  }

  /** Its size is found out again, as to keep it would be an object for each span. */
  private boolean release(SpanData span) {
    size.decrementAndGet();
    bytes.addAndGet(-SpanWeight.of(span));
    return true;
  }
}
