package io.github.proxytelemetry.otel.tracing;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Wall clock. It is read once per trace; all other times of the trace are measured from there with
 * the nano clock, so that no span starts before its parent or ends before it started.
 */
final class Epoch {
  private Epoch() {}

  static long nanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  static Instant instant(long epochNanos) {
    return Instant.ofEpochSecond(0, epochNanos);
  }
}
