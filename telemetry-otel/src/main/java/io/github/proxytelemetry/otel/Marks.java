package io.github.proxytelemetry.otel;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.context.Context;
import java.util.concurrent.ThreadLocalRandom;

/** Tells an SDK of our own about a span before it is started. */
interface Marks {
  /** For an SDK that decides by itself. */
  Marks NONE =
      new Marks() {
        @Override
        public Context recorded(Context parent) {
          return parent;
        }

        @Override
        public Context told(Context context, SpanContext ids) {
          return context;
        }
      };

  /** The id of a trace that begins here, and may not be recorded. */
  default String newTraceId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return TraceId.fromLongs(random.nextLong(), random.nextLong());
  }

  /** A root that is started with this parent is recorded. */
  Context recorded(Context parent);

  /** A span that is started while this is current has these ids, a root the trace's as well. */
  Context told(Context context, SpanContext ids);
}
