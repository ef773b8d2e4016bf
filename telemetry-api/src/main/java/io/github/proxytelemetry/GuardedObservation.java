package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * Base class of the wrappers that {@link Guard} puts around observations.
 *
 * <p>The methods of this class and its subclasses repeat the same five lines, because a shared
 * helper would take a capturing lambda, which is an allocation per event.
 */
abstract class GuardedObservation<T extends Observation> implements Observation {
  final T delegate;
  final Failures failures;

  GuardedObservation(T delegate, Failures failures) {
    this.delegate = delegate;
    this.failures = failures;
  }

  @Override
  public void end() {
    try {
      delegate.end();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    try {
      delegate.fail(side, error, cause);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }
}
