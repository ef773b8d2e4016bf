package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Span processor that keeps the spans that ended last. Bounded in number, for whoever reads it, and
 * in bytes, as values may be long. Ending a span never waits.
 */
final class SpanRing implements SpanProcessor {
  /** A few hundred exchanges. */
  static final int CAPACITY = 1024;

  /** Room for 1,024 spans of this library. */
  static final long MAX_BYTES = 2 * 1024 * 1024;

  private final Queue<SpanQueue.Entry> ended = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  List<SpanData> spans() {
    return ended.stream().map(SpanQueue.Entry::span).toList();
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    SpanQueue.Entry entry = new SpanQueue.Entry(span);
    size.incrementAndGet();
    bytes.addAndGet(entry.bytes());
    ended.add(entry);
    while (size.get() > CAPACITY || bytes.get() > MAX_BYTES) {
      SpanQueue.Entry oldest = ended.poll();
      if (oldest == null) {
        return;
      }
      size.decrementAndGet();
      bytes.addAndGet(-oldest.bytes());
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }
}
