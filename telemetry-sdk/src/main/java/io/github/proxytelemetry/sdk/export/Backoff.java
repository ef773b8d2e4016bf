package io.github.proxytelemetry.sdk.export;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Exponential backoff between attempts, with the times of OpenTelemetry's exporters. Each delay is
 * cut at random by up to a half, so that a fleet of proxies does not retry in step.
 */
final class Backoff {
  static final long MAX_RETRY_AFTER_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private long nextNanos = FIRST_NANOS;

  void reset() {
    nextNanos = FIRST_NANOS;
  }

  /** The next delay; later ones are longer. */
  long nextNanos() {
    long half = nextNanos / 2;
    nextNanos = Math.min(nextNanos + half, LONGEST_NANOS);
    return half + ThreadLocalRandom.current().nextLong(half);
  }

  /** The delay that a destination asked for, up to a limit, with up to a tenth of jitter. */
  static long afterRetryAfter(long retryAfterNanos) {
    long nanos = Math.min(retryAfterNanos, MAX_RETRY_AFTER_NANOS);
    return nanos + ThreadLocalRandom.current().nextLong(nanos / 10 + 1);
  }
}
