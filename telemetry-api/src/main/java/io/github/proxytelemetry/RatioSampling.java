package io.github.proxytelemetry;

/**
 * Strategy of a fixed ratio: compares random bits with a threshold, as OpenTelemetry's {@code
 * TraceIdRatioBased} does with the lower half of a trace id.
 */
final class RatioSampling implements Sampling {
  static final RatioSampling ALWAYS = new RatioSampling(1.0);
  static final RatioSampling NEVER = new RatioSampling(0.0);

  private final double share;
  private final long threshold;

  RatioSampling(double share) {
    // Negated, so that NaN is rejected too.
    if (!(share >= 0.0 && share <= 1.0)) {
      throw new IllegalArgumentException(
          "sampling ratio: invalid value " + share + "; expected 0.0 (none) to 1.0 (all)");
    }
    this.share = share;
    // The absolute value of one number is negative.
    this.threshold = share == 0.0 ? Long.MIN_VALUE : (long) (share * Long.MAX_VALUE);
  }

  @Override
  public boolean sample(RequestInfo request, long random) {
    return share == 1.0 || Math.abs(random) < threshold;
  }

  @Override
  public String toString() {
    return "Sampling.ratio(" + share + ")";
  }
}
