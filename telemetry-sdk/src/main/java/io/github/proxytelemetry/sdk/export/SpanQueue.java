package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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

  /** Measured: a span with its queue entry but no attributes, and one attribute. */
  private static final int SPAN_BYTES = 600;

  private static final int ATTRIBUTE_BYTES = 64;

  private final Deque<Entry> waiting = new ConcurrentLinkedDeque<>();

  /** Spans that wait or are under way. */
  private final AtomicInteger size = new AtomicInteger();

  private final AtomicLong bytes = new AtomicLong();

  /** A span and its size. */
  record Entry(SpanData span, long bytes) {
    static Entry of(SpanData span) {
      return new Entry(span, weigh(span));
    }
  }

  /** Adds a span; returns it for {@link #withdraw}. */
  Entry add(SpanData span) {
    Entry entry = Entry.of(span);
    size.incrementAndGet();
    bytes.addAndGet(entry.bytes());
    waiting.addLast(entry);
    return entry;
  }

  /** Removes an entry again, unless it is in a batch already. */
  boolean withdraw(Entry entry) {
    return waiting.remove(entry) && release(entry);
  }

  /** Makes room; returns whether a span was dropped for it. */
  boolean dropOldestIfTooMuch() {
    if (size.get() <= CAPACITY && bytes.get() <= MAX_BYTES) {
      return false;
    }
    return dropOldest();
  }

  boolean dropOldest() {
    Entry oldest = waiting.pollFirst();
    return oldest != null && release(oldest);
  }

  /** The next batch, which counts as queued until it is {@link #release released}. */
  List<Entry> nextBatch(int limit) {
    List<Entry> batch = new ArrayList<>();
    long taken = 0;
    Entry next = waiting.pollFirst();
    while (next != null) {
      batch.add(next);
      taken += next.bytes();
      next = batch.size() < limit && taken < MAX_BATCH_BYTES ? waiting.pollFirst() : null;
    }
    return batch;
  }

  /** Returns a batch to the head, to be retried. */
  void putBack(List<Entry> batch) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      waiting.addFirst(batch.get(i));
    }
  }

  /** Removes a batch that was delivered or lost. */
  void release(List<Entry> batch) {
    batch.forEach(this::release);
  }

  int size() {
    return size.get();
  }

  long bytes() {
    return bytes.get();
  }

  private boolean release(Entry entry) {
    size.decrementAndGet();
    bytes.addAndGet(-entry.bytes());
    return true;
  }

  private static long weigh(SpanData span) {
    long bytes = SPAN_BYTES + weigh(span.getName()) + weigh(span.getAttributes());
    for (var event : span.getEvents()) {
      bytes += ATTRIBUTE_BYTES + weigh(event.getName()) + weigh(event.getAttributes());
    }
    for (var link : span.getLinks()) {
      bytes += ATTRIBUTE_BYTES + weigh(link.getAttributes());
    }
    return bytes + weigh(span.getStatus().getDescription());
  }

  private static long weigh(Attributes attributes) {
    long[] bytes = new long[1];
    attributes.forEach((key, value) -> bytes[0] += ATTRIBUTE_BYTES + weigh(value));
    return bytes[0];
  }

  /** Two bytes a character, the upper bound of a string. */
  private static long weigh(@Nullable Object value) {
    if (value instanceof String text) {
      return 2L * text.length();
    }
    if (value instanceof Collection<?> values) {
      return values.stream().mapToLong(SpanQueue::weigh).sum() + 8L * values.size();
    }
    return 0;
  }
}
