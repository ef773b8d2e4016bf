package io.github.proxytelemetry.otel;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Wall clock time. It is read once per trace, and everything else in it is measured from there with
 * the nano clock, so that no span begins before its parent or ends before it began.
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
