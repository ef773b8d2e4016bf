package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.tracing.AttemptTrace;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Contexts that values are recorded with: that of their trace, if there are exemplars. */
final class Exemplars {
  private Exemplars() {}

  static Context of(Metrics metrics, @Nullable ExchangeTrace trace) {
    return metrics.exemplars && trace != null && trace.isRecorded()
        ? trace.context()
        : Context.root();
  }

  static Context of(Metrics metrics, @Nullable AttemptTrace trace) {
    return metrics.exemplars && trace != null ? trace.context() : Context.root();
  }
}
