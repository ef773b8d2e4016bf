package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.Sampling;
import java.util.function.LongSupplier;

/** Sampling at the end of an exchange or call that was not sampled at its start. */
record EndSampling(Tracing tracing, HeadSampler sampler, Sampling responsible, LongSupplier clock) {
  boolean samples(boolean failed, long durationNanos) {
    return sampler.samplesAtEnd(responsible, failed, durationNanos);
  }

  /** Offset from the nano clock to nanoseconds since the epoch. */
  long offset() {
    return Epoch.nanos() - clock.getAsLong();
  }
}
