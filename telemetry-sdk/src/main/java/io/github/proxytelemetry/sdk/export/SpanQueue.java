package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.OwnScope;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
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

  private final Deque<Entry> waiting = new ConcurrentLinkedDeque<>();

  /** Spans that wait or are under way. */
  private final AtomicInteger size = new AtomicInteger();

  private final AtomicLong bytes = new AtomicLong();

  /**
   * A span and its size. It visits the attributes itself, so that weighing allocates nothing.
   *
   * <p>Our own spans are not weighed, as all of their values are cut, and become {@link SpanData}
   * only on the exporter's thread. So ending one costs less on the event loop.
   */
  static final class Entry implements BiConsumer<AttributeKey<?>, Object> {
    /** Twice what a span of this library usually has, so that the queue's room is for them all. */
    private static final int OWN_BYTES = 2048;

    /** Measured: a span with its queue entry but no attributes, and one attribute. */
    private static final int SPAN_BYTES = 600;

    private static final int ATTRIBUTE_BYTES = 64;

    /** The span itself, or its data. */
    private final Object span;

    private long bytes;

    Entry(ReadableSpan ended) {
      if (OwnScope.NAME.equals(ended.getInstrumentationScopeInfo().getName())) {
        span = ended;
        bytes = OWN_BYTES;
      } else {
        SpanData data = ended.toSpanData();
        span = data;
        bytes = SPAN_BYTES;
        weigh(data);
      }
    }

    SpanData span() {
      return span instanceof SpanData data ? data : ((ReadableSpan) span).toSpanData();
    }

    long bytes() {
      return bytes;
    }

    @Override
    public void accept(AttributeKey<?> key, Object value) {
      bytes += ATTRIBUTE_BYTES + bytesOf(value);
    }

    private void weigh(SpanData span) {
      bytes += bytesOf(span.getName()) + bytesOf(span.getStatus().getDescription());
      span.getAttributes().forEach(this);
      List<EventData> events = span.getEvents();
      for (int i = 0; i < events.size(); i++) {
        bytes += ATTRIBUTE_BYTES + bytesOf(events.get(i).getName());
        events.get(i).getAttributes().forEach(this);
      }
      List<LinkData> links = span.getLinks();
      for (int i = 0; i < links.size(); i++) {
        bytes += ATTRIBUTE_BYTES;
        links.get(i).getAttributes().forEach(this);
      }
    }

    /** Two bytes a character, the upper bound of a string. */
    private static long bytesOf(@Nullable Object value) {
      if (value instanceof String text) {
        return 2L * text.length();
      }
      if (value instanceof Collection<?> values) {
        return values.stream().mapToLong(Entry::bytesOf).sum() + 8L * values.size();
      }
      return 0;
    }
  }

  /** Adds a span; returns it for {@link #withdraw}. */
  Entry add(ReadableSpan span) {
    Entry entry = new Entry(span);
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
}
