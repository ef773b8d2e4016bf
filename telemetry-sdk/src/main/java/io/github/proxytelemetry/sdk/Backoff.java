package io.github.proxytelemetry.sdk;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * When to try again. The times are those of OpenTelemetry's exporters; each is cut at random by up
 * to a half, so that the proxies of a fleet do not all come back at once.
 */
final class Backoff {
  static final long MAX_RETRY_AFTER_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private long nextNanos = FIRST_NANOS;

  void reset() {
    nextNanos = FIRST_NANOS;
  }

  /** How long to wait now, and longer the next time. */
  long nextNanos() {
    long half = nextNanos / 2;
    nextNanos = Math.min(nextNanos + half, LONGEST_NANOS);
    return half + ThreadLocalRandom.current().nextLong(half);
  }

  /**
   * What a destination asked for, up to a limit, and a little more so that not all come at once.
   */
  static long told(long retryAfterNanos) {
    long nanos = Math.min(retryAfterNanos, MAX_RETRY_AFTER_NANOS);
    return nanos + ThreadLocalRandom.current().nextLong(nanos / 10 + 1);
  }
}
