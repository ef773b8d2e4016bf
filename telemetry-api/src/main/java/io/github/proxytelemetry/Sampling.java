package io.github.proxytelemetry;

/**
 * Decides which traces are recorded, where this proxy is the one that starts them. A trace that
 * comes in with a decision keeps it. Metrics are never sampled.
 *
 * <p>Asked on the host's threads, once per exchange: an implementation must be quick, and must not
 * keep the request.
 */
@FunctionalInterface
public interface Sampling {
  /**
   * Records a fixed share of the traces. About one percent is the default of the back end.
   *
   * @param share from 0.0 (none) to 1.0 (all)
   * @return the sampling
   * @throws IllegalArgumentException if the share is outside that range
   */
  static Sampling ratio(double share) {
    return new RatioSampling(share);
  }

  /**
   * Records every trace.
   *
   * @return the sampling
   */
  static Sampling always() {
    return RatioSampling.ALWAYS;
  }

  /**
   * Records no trace that starts here.
   *
   * @return the sampling
   */
  static Sampling never() {
    return RatioSampling.NEVER;
  }

  /**
   * Decides about one trace.
   *
   * @param request the request that starts it, read only during this call
   * @param random 64 evenly distributed random bits, so that a decision needs no generator of its
   *     own
   * @return whether it is recorded
   */
  boolean sample(RequestInfo request, long random);
}
