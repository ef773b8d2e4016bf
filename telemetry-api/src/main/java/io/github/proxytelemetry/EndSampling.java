package io.github.proxytelemetry;

import java.time.Duration;
import java.util.Objects;

/** Strategy that adds a decision at the end of an exchange, for failed and slow ones. */
final class EndSampling implements Sampling {
  private static final Duration MAX_THRESHOLD = Duration.ofDays(1);

  private final Sampling delegate;
  private final Duration threshold;
  private final long thresholdNanos;

  private EndSampling(Sampling delegate, Duration threshold) {
    this.delegate = delegate;
    this.threshold = threshold;
    this.thresholdNanos = threshold.toNanos();
  }

  static Sampling around(Sampling delegate, Duration threshold) {
    Objects.requireNonNull(threshold, "threshold");
    if (threshold.isNegative() || threshold.isZero() || threshold.compareTo(MAX_THRESHOLD) > 0) {
      throw new IllegalArgumentException(
          "sampling threshold: invalid value "
              + threshold
              + "; expected more than PT0S and at most "
              + MAX_THRESHOLD);
    }
    return delegate instanceof RuleSampling rules
        ? rules.each(rule -> around(rule, threshold), suffix(threshold))
        : new EndSampling(delegate, threshold);
  }

  @Override
  public boolean sample(RequestInfo request, long random) {
    return delegate.sample(request, random);
  }

  @Override
  public boolean follow() {
    return delegate.follow();
  }

  @Override
  public Sampling forRequest(RequestInfo request) {
    Sampling chosen = delegate.forRequest(request);
    return chosen == delegate ? this : new EndSampling(chosen, threshold);
  }

  @Override
  public boolean decidesAtEnd() {
    return true;
  }

  @Override
  public boolean sampleAtEnd(boolean failed, long durationNanos) {
    return failed || durationNanos >= thresholdNanos || delegate.sampleAtEnd(failed, durationNanos);
  }

  @Override
  public String toString() {
    return delegate + suffix(threshold);
  }

  private static String suffix(Duration threshold) {
    return ".keepErrorsAndSlow(" + threshold + ")";
  }
}
