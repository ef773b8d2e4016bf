package io.github.proxytelemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many a second, and a burst of one second's worth, at least one.
 *
 * <p>The whole state is one number: the time at which the bucket will be full again. Taking a token
 * moves it by what one token takes to flow in. Times are only ever subtracted, so that a clock that
 * overflows does no harm.
 */
final class TokenBucket {
  private static final double MAX_PER_SECOND = 1_000_000;
  // Decades, and far enough from an overflow of the sums below.
  private static final long MAX_INTERVAL_NANOS = Long.MAX_VALUE / 4;

  private final double perSecond;
  private final LongSupplier nanoClock;
  private final long intervalNanos;
  private final long emptyNanos;
  private final long lastTokenNanos;
  private final AtomicLong fullAt;

  TokenBucket(double perSecond, LongSupplier nanoClock) {
    // Written so that NaN fails too.
    if (!(perSecond >= 0.0 && perSecond <= MAX_PER_SECOND)) {
      throw new IllegalArgumentException(
          "sampling limit: was "
              + perSecond
              + ", allowed are 0.0 (none) to "
              + MAX_PER_SECOND
              + " traces a second");
    }
    this.perSecond = perSecond;
    this.nanoClock = nanoClock;
    // Rounded up: rather too few than too many.
    this.intervalNanos =
        perSecond == 0.0
            ? MAX_INTERVAL_NANOS
            : Math.min((long) Math.ceil(1e9 / perSecond), MAX_INTERVAL_NANOS);
    this.emptyNanos = Math.max(intervalNanos, (long) (perSecond * (double) intervalNanos));
    this.lastTokenNanos = perSecond == 0.0 ? -1 : emptyNanos - intervalNanos;
    this.fullAt = new AtomicLong(nanoClock.getAsLong());
  }

  /** Takes a token if there is one. */
  boolean tryTake() {
    while (true) {
      // The state first, then the clock: who wrote the state had read the clock before, so only a
      // clock that was set back can make the bucket look emptier than empty.
      long full = fullAt.get();
      long now = nanoClock.getAsLong();
      long missing = Math.max(0, full - now);
      if (missing > 2 * emptyNanos) {
        // Would otherwise stay shut until the clock has caught up. Empty is the safe guess. The
        // factor keeps a clock that only wavers from getting paid for it.
        fullAt.compareAndSet(full, now + emptyNanos);
        return false;
      }
      if (missing > lastTokenNanos) {
        return false;
      }
      if (fullAt.compareAndSet(full, now + missing + intervalNanos)) {
        return true;
      }
    }
  }

  double perSecond() {
    return perSecond;
  }
}
