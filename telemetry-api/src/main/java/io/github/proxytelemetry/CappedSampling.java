package io.github.proxytelemetry;

/** Strategy with a cap: each trace that the inner one samples takes a token from a bucket. */
final class CappedSampling implements Sampling {
  private final Sampling delegate;
  private final TokenBucket bucket;

  private CappedSampling(Sampling delegate, TokenBucket bucket) {
    this.delegate = delegate;
    this.bucket = bucket;
  }

  static Sampling around(Sampling delegate, TokenBucket bucket) {
    // Each rule is wrapped with the same bucket, so that forRequest allocates nothing.
    return delegate instanceof RuleSampling rules
        ? rules.each(rule -> around(rule, bucket), suffix(bucket))
        : new CappedSampling(delegate, bucket);
  }

  @Override
  public boolean sample(RequestInfo request, long random) {
    return delegate.sample(request, random) && bucket.tryTake();
  }

  @Override
  public boolean follow() {
    return delegate.follow() && bucket.tryTake();
  }

  @Override
  public Sampling forRequest(RequestInfo request) {
    Sampling chosen = delegate.forRequest(request);
    return chosen == delegate ? this : new CappedSampling(chosen, bucket);
  }

  @Override
  public boolean decidesAtEnd() {
    return delegate.decidesAtEnd();
  }

  @Override
  public boolean sampleAtEnd(boolean failed, long durationNanos) {
    return delegate.sampleAtEnd(failed, durationNanos) && bucket.tryTake();
  }

  @Override
  public String toString() {
    return delegate + suffix(bucket);
  }

  private static String suffix(TokenBucket bucket) {
    return ".capped(" + bucket.perSecond() + ")";
  }
}
