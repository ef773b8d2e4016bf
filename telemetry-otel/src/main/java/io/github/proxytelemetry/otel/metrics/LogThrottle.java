package io.github.proxytelemetry.otel.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Throttle of log lines that may be frequent: one a minute. Takes no lock. */
final class LogThrottle {
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong quietUntilNanos = new AtomicLong(System.nanoTime());

  boolean permits() {
    long quietUntil = quietUntilNanos.get();
    long now = System.nanoTime();
    return now - quietUntil >= 0 && quietUntilNanos.compareAndSet(quietUntil, now + QUIET_NANOS);
  }
}
