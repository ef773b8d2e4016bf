package io.github.proxytelemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Token bucket with a rate per second and a burst of one second's tokens, at least one.
 *
 * <p>Lock-free: its state is one number, the time at which the bucket will be full again (the
 * generic cell rate algorithm). Taking a token moves that time by the interval of one token. Times
 * are compared by subtraction only, which is correct across an overflow of the clock.
 */
final class TokenBucket {
  private static final double MAX_PER_SECOND = 1_000_000;
  // 73 years; small enough that the sums below do not overflow.
  private static final long MAX_INTERVAL_NANOS = Long.MAX_VALUE / 4;

  private final double perSecond;
  private final LongSupplier nanoClock;
  private final long intervalNanos;
  private final long emptyNanos;
  private final long lastTokenNanos;
  private final AtomicLong fullAt;

  TokenBucket(double perSecond, LongSupplier nanoClock) {
    // Negated, so that NaN is rejected too.
    if (!(perSecond >= 0.0 && perSecond <= MAX_PER_SECOND)) {
      throw new IllegalArgumentException(
          "sampling rate: invalid value "
              + perSecond
              + "; expected 0.0 (none) to "
              + MAX_PER_SECOND
              + " traces per second");
    }
    this.perSecond = perSecond;
    this.nanoClock = nanoClock;
    // Rounded up, so that the rate is never exceeded.
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
      // State before clock: the writer of the state read the clock earlier, so only a clock that
      // goes backwards can make the bucket appear emptier than empty.
      long full = fullAt.get();
      long now = nanoClock.getAsLong();
      long missing = Math.max(0, full - now);
      if (missing > 2 * emptyNanos) {
        // The clock went backwards: without a reset the bucket would stay empty until the clock
        // has caught up. The factor of 2 keeps small backward steps from refilling the bucket.
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
