package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.util.concurrent.ThreadLocalRandom;

/** Random ids as numbers, so that an id that nobody looks at is never a text. */
final class Ids {
  /** W3C Trace Context Level 2, section 3.2.2.5.2: at least 56 bits of the trace id are random. */
  static final byte RANDOM_FLAG = 2;

  private Ids() {}

  /** A span id, or the lower half of a trace id. Never 0: that would be no id. */
  static long random() {
    while (true) {
      long id = ThreadLocalRandom.current().nextLong();
      if (id != 0) {
        return id;
      }
    }
  }

  static SpanContext context(long high, long low, long spanId, byte flags, TraceState state) {
    return SpanContext.create(
        TraceId.fromLongs(high, low), SpanId.fromLong(spanId), TraceFlags.fromByte(flags), state);
  }
}
