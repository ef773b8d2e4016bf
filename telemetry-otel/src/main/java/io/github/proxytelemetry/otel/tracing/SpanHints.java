package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadLocalRandom;

/** Hints to the SDK about a span that is about to start, carried in the context. */
public interface SpanHints {
  /** No hints, for an SDK whose own id generator decides. */
  SpanHints NONE =
      new SpanHints() {
        @Override
        public Context withIds(Context context, SpanContext ids) {
          return context;
        }
      };

  /** Generates the upper half of the id of a trace that starts here; the lower one is random. */
  default long newTraceIdHigh() {
    return ThreadLocalRandom.current().nextLong();
  }

  /**
   * Returns a context in which the next span started gets these ids; a root gets the trace id too.
   */
  Context withIds(Context context, SpanContext ids);
}
