package io.github.proxytelemetry.sdk.export;

import java.time.Duration;
import java.util.Objects;

/** Durations of options. */
public final class Durations {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

  private Durations() {}

  /** Checks that an option's duration is above zero. */
  public static Duration positive(String key, Duration duration) {
    Objects.requireNonNull(duration, key);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          key + ": invalid value " + duration + "; expected a duration above zero");
    }
    return duration;
  }

  /** In nanoseconds, limited so that it can be added to a clock reading. */
  static long nanos(Duration duration) {
    return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
  }
}
