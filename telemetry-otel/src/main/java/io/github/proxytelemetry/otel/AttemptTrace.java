package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** What an attempt is in a trace: a span, or only a place that its upstream is told of. */
interface AttemptTrace {
  /** What is injected. */
  Context context();

  /** What the layers tell, {@code null} where they are off. */
  default @Nullable AttemptSpans layers() {
    return null;
  }

  default void requestStarted(RequestInfo request) {}

  default void end(long endNanos, int status, boolean canceled, @Nullable ProxyError error) {}
}
