package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.TunnelKind;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about a {@link RecordedExchange}.
 *
 * @since 0.1.0
 */
public final class ExchangeAssert extends MessagesAssert<ExchangeAssert, RecordedExchange> {
  ExchangeAssert(RecordedExchange actual) {
    super(actual, ExchangeAssert.class);
  }

  /**
   * Checks the route that the host named.
   *
   * @param template such as {@code /users/{id}}
   * @return this
   */
  public ExchangeAssert hasRoute(String template) {
    return is("route", template, actual.route());
  }

  /**
   * Checks that the proxy answered by itself.
   *
   * @return this
   */
  public ExchangeAssert hasNoAttempts() {
    return hasAttempts(0);
  }

  /**
   * Checks the number of attempts.
   *
   * @param count how many, retries and hedges included
   * @return this
   */
  public ExchangeAssert hasAttempts(int count) {
    return is("number of attempts", count, actual.attempts().size());
  }

  /**
   * Checks that there is such an attempt.
   *
   * @param index its number, from 0, in the order of their start
   * @return its assertions
   */
  public AttemptAssert attempt(int index) {
    is("attempt " + index, true, index < actual.attempts().size());
    return new AttemptAssert(actual.attempts().get(index)).as("attempt(%d)", index);
  }

  /**
   * Checks that it became a tunnel.
   *
   * @param kind the kind of the tunnel
   * @return this
   */
  public ExchangeAssert becameTunnel(TunnelKind kind) {
    RecordedTunnel tunnel = actual.tunnel();
    return is("tunnel", kind, tunnel == null ? null : tunnel.kind());
  }

  @Override
  @Nullable RecordedFailure error() {
    return actual.blame();
  }
}
