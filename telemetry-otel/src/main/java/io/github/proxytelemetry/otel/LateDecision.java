package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Sampling;
import java.util.function.LongSupplier;

/** Who decides at the end about something that was not sampled. */
record LateDecision(Tracing tracing, Sampling sampling, LongSupplier clock) {
  boolean keeps(boolean failed, long durationNanos) {
    try {
      return sampling.keepLate(failed, durationNanos);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      tracing.samplingThrew(e);
      return false;
    }
  }

  /** From the nano clock to nanoseconds since the epoch. */
  long offset() {
    return Epoch.nanos() - clock.getAsLong();
  }
}
