package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * A wrapper that {@link Guard} puts around an observation: what every kind has in common.
 *
 * <p>Each method here and in the subclasses is the same five lines: a shared helper would need a
 * lambda, and with it an object, per event.
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
