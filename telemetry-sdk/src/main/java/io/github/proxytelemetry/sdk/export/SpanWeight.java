package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of an ended span on the heap, estimated. The visitor of its attributes is the sum as well,
 * and escapes nowhere, so that the compiler can leave it out.
 */
final class SpanWeight implements BiConsumer<AttributeKey<?>, Object> {
  /** Measured: a span with its queue entry but no attributes, and one attribute. */
  private static final int SPAN_BYTES = 600;

  private static final int ATTRIBUTE_BYTES = 64;

  private long bytes = SPAN_BYTES;

  private SpanWeight() {}

  /** The same for a span at every call, as an ended span does not change. */
  static long of(SpanData span) {
    SpanWeight weight = new SpanWeight();
    weight.add(span);
    return weight.bytes;
  }

  @Override
  public void accept(AttributeKey<?> key, Object value) {
    bytes += ATTRIBUTE_BYTES + bytesOf(value);
  }

  private void add(SpanData span) {
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
      return values.stream().mapToLong(SpanWeight::bytesOf).sum() + 8L * values.size();
    }
    return 0;
  }
}
