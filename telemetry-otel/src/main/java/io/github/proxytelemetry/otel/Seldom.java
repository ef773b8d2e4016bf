package io.github.proxytelemetry.otel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one remark a minute through, so that what goes wrong often fills no log. Takes no lock. */
final class Seldom {
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong quietUntilNanos = new AtomicLong(System.nanoTime());

  boolean now() {
    long quietUntil = quietUntilNanos.get();
    long now = System.nanoTime();
    return now - quietUntil >= 0 && quietUntilNanos.compareAndSet(quietUntil, now + QUIET_NANOS);
  }
}
