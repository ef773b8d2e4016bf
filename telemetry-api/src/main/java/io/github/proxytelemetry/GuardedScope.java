package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/** Guarded scope, see {@link Guard}. */
final class GuardedScope implements Scope {
  private final Scope delegate;
  private final Failures failures;

  /** The null check covers a back end that breaks the contract of its start methods. */
  static Scope around(@Nullable Scope observation, Failures failures) {
    return observation == null || observation == Noop.Activation.INSTANCE
        ? Noop.Activation.INSTANCE
        : new GuardedScope(observation, failures);
  }

  GuardedScope(Scope delegate, Failures failures) {
    this.delegate = delegate;
    this.failures = failures;
  }

  @Override
  public void close() {
    try {
      delegate.close();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }
}
