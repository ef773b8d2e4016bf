package io.github.proxytelemetry;

import java.util.function.Consumer;

/**
 * Failures caught by the guard of one back end. Shared by the {@link Guard} and its wrappers, so
 * that the wrappers depend on this class and not on the guard that creates them.
 */
final class Failures {
  private final CircuitBreaker breaker;
  private final Consumer<Throwable> backEnd;

  Failures(CircuitBreaker breaker, Consumer<Throwable> backEnd) {
    this.breaker = breaker;
    this.backEnd = backEnd;
  }

  boolean isOpen() {
    return breaker.isOpen();
  }

  /** Counts a failure and passes it on, so that the back end can export a count of its own. */
  void caught(Throwable thrown) {
    breaker.failed(thrown);
    try {
      backEnd.accept(thrown);
    } catch (Throwable ignored) {
      // Not counted: it is a consequence of the failure that was counted above.
    }
  }
}
