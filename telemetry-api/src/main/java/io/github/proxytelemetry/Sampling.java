package io.github.proxytelemetry;

import java.time.Duration;

/**
 * Decides which traces are recorded, where this proxy is the one that starts them. A trace that
 * comes in with a decision keeps it, as far as a {@linkplain #capped cap} allows. Metrics are never
 * sampled.
 *
 * <p>Asked on the host's threads, once per exchange: an implementation must be quick, and must not
 * keep the request.
 *
 * <p>A back end asks {@link #forRequest} first, and then what that returned: {@link #sample} or
 * {@link #follow} at the start, and {@link #sampleAtEnd} at the end of an exchange that was not
 * sampled. They may be called by several threads at once.
 *
 * <p>Samplings compose: the one that is called last is the outermost. So {@code
 * ratio(0.01).keepErrorsAndSlow(second).capped(100)} caps everything, while {@code
 * ratio(0.01).capped(100).keepErrorsAndSlow(second)} keeps any number of errors.
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
   * Records the first traces of each moment, up to a number a second. It is {@link #always()} with
   * a {@linkplain #capped cap}.
   *
   * @param perSecond traces a second, from 0.0 (none) to 1,000,000; 0.1 is one in ten seconds
   * @return the sampling
   * @throws IllegalArgumentException if the number is outside that range
   */
  static Sampling rateLimited(double perSecond) {
    return always().capped(perSecond);
  }

  /**
   * Records by rules per method and path.
   *
   * @return an empty list of rules
   */
  static SamplingRules rules() {
    return new SamplingRules();
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

  /**
   * Whether a trace that comes in with the decision to be recorded is recorded here too. It is
   * asked where such a decision is trusted, and instead of {@link #sample}.
   *
   * @return {@code true}, unless a {@linkplain #capped cap} is used up
   */
  default boolean follow() {
    return true;
  }

  /**
   * The sampling that is responsible for a request: where there are {@linkplain #rules() rules},
   * the one of the rule that matches. It is asked once, at the start of an exchange, because the
   * request cannot be read any more at its end.
   *
   * @param request the request, read only during this call
   * @return the sampling to ask about this exchange; this one, unless it consists of several
   */
  default Sampling forRequest(RequestInfo request) {
    return this;
  }

  /**
   * Whether {@link #sampleAtEnd} can ever say yes. Where it cannot, a back end need not collect
   * anything about an exchange that is not sampled.
   *
   * @return {@code false} unless there is a late decision
   */
  default boolean decidesAtEnd() {
    return false;
  }

  /**
   * Decides again, at the end of an exchange that was not sampled.
   *
   * <p>This is a local decision about the proxy's own spans, and not about the whole trace: the
   * upstream was told "not sampled" long before, so the trace will show this proxy alone.
   *
   * @param failed whether the exchange ended in an error, as the server span would say
   * @param durationNanos how long it took, in nanoseconds
   * @return whether the proxy's spans of it are exported all the same
   */
  default boolean sampleAtEnd(boolean failed, long durationNanos) {
    return false;
  }

  /**
   * This decision, but never more than so many a second. The cap holds for late decisions too, and
   * for traces that come in with the decision to be recorded: no header of a request can pass it.
   *
   * <p>It is a token bucket, shared by all that asks the returned object: unused tokens are saved
   * for a burst of one second's worth, at least one trace.
   *
   * @param perSecond traces a second, from 0.0 (none) to 1,000,000; 0.1 is one in ten seconds
   * @return this sampling, capped
   * @throws IllegalArgumentException if the number is outside that range
   */
  default Sampling capped(double perSecond) {
    return CappedSampling.around(this, new TokenBucket(perSecond, System::nanoTime));
  }

  /**
   * This decision, and at the end also every exchange that failed or was slow. Read at {@link
   * #sampleAtEnd} what such a trace is good for. A client can provoke errors: put a {@linkplain
   * #capped cap} round it.
   *
   * @param threshold the duration from which on an exchange is slow; more than zero, at most a day
   * @return this sampling, with a late decision
   * @throws IllegalArgumentException if the threshold is outside that range
   */
  default Sampling keepErrorsAndSlow(Duration threshold) {
    return EndSampling.around(this, threshold);
  }
}
