package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Sampling;
import java.util.function.LongSupplier;

/** Who decides at the end about something that was not sampled. */
record LateDecision(
    Tracing tracing, Decisions decisions, Sampling responsible, LongSupplier clock) {
  boolean keeps(boolean failed, long durationNanos) {
    return decisions.isKeptLate(responsible, failed, durationNanos);
  }

  /** From the nano clock to nanoseconds since the epoch. */
  long offset() {
    return Epoch.nanos() - clock.getAsLong();
  }
}
