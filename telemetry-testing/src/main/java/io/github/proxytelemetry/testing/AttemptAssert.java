package io.github.proxytelemetry.testing;

import org.jspecify.annotations.Nullable;

/**
 * Assertions about a {@link RecordedAttempt}.
 *
 * @since 0.1.0
 */
public final class AttemptAssert extends MessagesAssert<AttemptAssert, RecordedAttempt> {
  AttemptAssert(RecordedAttempt actual) {
    super(actual, AttemptAssert.class);
  }

  /**
   * Checks the upstream's configured name.
   *
   * @param name as in {@code Upstream.named}
   * @return this
   */
  public AttemptAssert hasUpstream(String name) {
    return is("upstream", name, actual.upstream().name());
  }

  /**
   * Checks that it used a connection that was open before.
   *
   * @return this
   */
  public AttemptAssert reusedItsConnection() {
    return is("a reused connection", true, actual.connectionReused());
  }

  @Override
  @Nullable RecordedFailure error() {
    return actual.failure();
  }
}
