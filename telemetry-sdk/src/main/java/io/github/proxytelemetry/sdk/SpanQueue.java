package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.common.AttributeKey;
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
 * Spans that wait for their export, and those that are being exported: bounded in number, and in
 * bytes, as a few thousand long attributes are enough to fill a heap. When it is full the oldest
 * that waits is dropped: after an outage the last minutes are what one wants to see.
 *
 * <p>Whoever adds never waits.
 */
final class SpanQueue {
  // The two defaults of the OpenTelemetry specification.
  static final int CAPACITY = 2048;
  static final int BATCH = 512;

  /** What 2048 spans of ours take, four times over. */
  static final long MAX_BYTES = 8 * 1024 * 1024;

  /** A batch cannot be dropped while it is under way, so it must never be all there is. */
  private static final long MAX_BATCH_BYTES = MAX_BYTES / 4;

  /** Measured: a span and its place in the queue without attributes, and one attribute. */
  private static final int SPAN_BYTES = 600;

  private static final int ATTRIBUTE_BYTES = 64;

  private final Deque<Entry> waiting = new ConcurrentLinkedDeque<>();

  /** What waits or is under way. */
  private final AtomicInteger size = new AtomicInteger();

  private final AtomicLong bytes = new AtomicLong();

  /** A span and what it weighs. */
  record Entry(SpanData span, long bytes) {}

  /** Adds a span; returns it for {@link #withdraw}. */
  Entry add(SpanData span) {
    Entry entry = new Entry(span, weigh(span));
    size.incrementAndGet();
    bytes.addAndGet(entry.bytes());
    waiting.addLast(entry);
    return entry;
  }

  /** Takes back what was added, unless a batch has it already. */
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

  /** The next to export; they count until they are {@link #release released}. */
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

  /** A batch that is to be tried again; nothing is older. */
  void putBack(List<Entry> batch) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      waiting.addFirst(batch.get(i));
    }
  }

  /** A batch that is over and done with. */
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
    Weight weight = new Weight();
    attributes.forEach(weight::add);
    return weight.bytes;
  }

  /** Two bytes a character: many strings take half of that, and none more. */
  private static long weigh(@Nullable Object value) {
    if (value instanceof String text) {
      return 2L * text.length();
    }
    if (value instanceof Collection<?> values) {
      return values.stream().mapToLong(SpanQueue::weigh).sum() + 8L * values.size();
    }
    return 0;
  }

  private static final class Weight {
    private long bytes;

    private void add(AttributeKey<?> key, Object value) {
      bytes += ATTRIBUTE_BYTES + weigh(value);
    }
  }
}
