package io.github.proxytelemetry.sdk;

import java.time.Duration;
import java.util.Objects;

/** Durations that come from configuration. */
final class Durations {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

  private Durations() {}

  static Duration positive(String key, Duration duration) {
    Objects.requireNonNull(duration, key);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          key + ": was " + duration + ", allowed is any duration above zero");
    }
    return duration;
  }

  /** In nanoseconds, cut to what can be added to a clock reading. */
  static long nanos(Duration duration) {
    return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
  }
}
