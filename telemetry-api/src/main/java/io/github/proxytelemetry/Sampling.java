package io.github.proxytelemetry;

import java.time.Duration;

/**
 * Sampling strategy for traces that start at this proxy. A trace that arrives with a sampling
 * decision keeps it, unless a {@linkplain #capped cap} is reached. Metrics are not sampled.
 *
 * <p>A back end calls {@link #forRequest} first, and on its result {@link #sample} or {@link
 * #follow} at the start of an exchange, and {@link #sampleAtEnd} at the end of one that was not
 * sampled.
 *
 * <p>Called on the host's I/O threads, by several threads concurrently, once per exchange: an
 * implementation is thread-safe, does not block, and does not retain the request.
 *
 * <p>Strategies compose; the last call is the outermost. {@code
 * ratio(0.01).keepErrorsAndSlow(second).capped(100)} caps all traces, whereas {@code
 * ratio(0.01).capped(100).keepErrorsAndSlow(second)} keeps any number of failed and slow ones.
 */
@FunctionalInterface
public interface Sampling {
  /**
   * Samples a fixed ratio of the traces. The default of a back end is {@code ratio(0.01)}.
   *
   * @param share from 0.0 (none) to 1.0 (all)
   * @return the strategy
   * @throws IllegalArgumentException if the ratio is outside that range
   */
  static Sampling ratio(double share) {
    return share == 1.0 ? always() : new RatioSampling(share);
  }

  /**
   * Samples every trace.
   *
   * @return the strategy
   */
  static Sampling always() {
    return RatioSampling.ALWAYS;
  }

  /**
   * Samples no trace that starts here.
   *
   * @return the strategy
   */
  static Sampling never() {
    return RatioSampling.NEVER;
  }

  /**
   * Samples every trace up to a rate: {@link #always()} with a {@linkplain #capped cap}.
   *
   * @param perSecond traces per second, from 0.0 (none) to 1,000,000; 0.1 is one in ten seconds
   * @return the strategy
   * @throws IllegalArgumentException if the rate is outside that range
   */
  static Sampling rateLimited(double perSecond) {
    return always().capped(perSecond);
  }

  /**
   * Samples by rules per method and path.
   *
   * @return a builder without rules
   */
  static SamplingRules rules() {
    return new SamplingRules();
  }

  /**
   * Decides whether a trace that starts here is sampled.
   *
   * @param request the request that starts it, valid during this call only
   * @param random 64 uniformly distributed random bits, so that a strategy needs no generator
   * @return whether it is sampled
   */
  boolean sample(RequestInfo request, long random);

  /**
   * Decides whether a trace that arrives with a sampled flag is sampled here too. Called in place
   * of {@link #sample} where that flag is trusted.
   *
   * @return {@code true}, unless a {@linkplain #capped cap} is reached
   */
  default boolean follow() {
    return true;
  }

  /**
   * Selects the strategy for a request: that of the matching rule, if there are {@linkplain
   * #rules() rules}. Called once, at the start of an exchange, as the request is no longer valid at
   * its end.
   *
   * @param request the request, valid during this call only
   * @return the strategy for this exchange; this one, unless it consists of several
   */
  default Sampling forRequest(RequestInfo request) {
    return this;
  }

  /**
   * Whether {@link #sampleAtEnd} can return {@code true}. If not, a back end need not record the
   * spans of an exchange that was not sampled at its start.
   *
   * @return {@code false} unless the strategy also decides at the end
   */
  default boolean decidesAtEnd() {
    return false;
  }

  /**
   * Decides at the end of an exchange that was not sampled at its start whether its spans are
   * exported.
   *
   * <p>The decision covers this proxy's spans only. Upstreams have received the sampled flag "not
   * sampled" before, so the trace contains no spans of theirs.
   *
   * @param failed whether the server span has the status error
   * @param durationNanos the duration of the exchange in nanoseconds
   * @return whether the proxy's spans are exported
   */
  default boolean sampleAtEnd(boolean failed, long durationNanos) {
    return false;
  }

  /**
   * Caps this strategy at a rate. The cap also covers decisions at the end of an exchange, and
   * traces that arrive with a sampled flag, so a client cannot exceed it.
   *
   * <p>A token bucket, shared by all uses of the returned strategy: it allows a burst of one
   * second's tokens, and of at least one trace.
   *
   * @param perSecond traces per second, from 0.0 (none) to 1,000,000; 0.1 is one in ten seconds
   * @return this strategy with a cap
   * @throws IllegalArgumentException if the rate is outside that range
   */
  default Sampling capped(double perSecond) {
    return CappedSampling.around(this, new TokenBucket(perSecond, System::nanoTime));
  }

  /**
   * Adds a decision at the end that keeps every exchange that failed or was slow. Such a trace
   * contains this proxy's spans only, see {@link #sampleAtEnd}. Clients can provoke errors: limit
   * their number with an outer {@linkplain #capped cap}.
   *
   * @param threshold the duration from which an exchange is slow; more than zero, at most a day
   * @return this strategy with a decision at the end
   * @throws IllegalArgumentException if the threshold is outside that range
   */
  default Sampling keepErrorsAndSlow(Duration threshold) {
    return EndSampling.around(this, threshold);
  }
}
