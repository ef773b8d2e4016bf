package io.github.proxytelemetry.testing;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about all that a {@link RecordingProxyTelemetry} recorded. A client has its response
 * before the proxy has reported it, so these wait, for at most five seconds.
 *
 * @since 0.1.0
 */
public final class RecordingAssert
    extends AbstractAssert<RecordingAssert, RecordingProxyTelemetry> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  RecordingAssert(RecordingProxyTelemetry actual) {
    super(actual, RecordingAssert.class);
  }

  /**
   * Waits until so many exchanges have ended, and fails if there are more.
   *
   * @param count how many
   * @return this
   */
  public RecordingAssert hasExchanges(int count) {
    awaitEnded(count);
    return fails(actual.exchanges().size() != count, count + " exchanges", actual.exchanges());
  }

  /**
   * Waits until the exchange has ended.
   *
   * @param index its number, from 0, in the order of their start
   * @return its assertions
   */
  public ExchangeAssert exchange(int index) {
    awaitEnded(index + 1);
    return new ExchangeAssert(actual.exchanges().get(index)).as("exchange(%d)", index);
  }

  /**
   * Checks that nothing became a tunnel.
   *
   * @return this
   */
  public RecordingAssert hasNoTunnels() {
    return fails(!actual.tunnels().isEmpty(), "no tunnels", actual.tunnels());
  }

  private void awaitEnded(int count) {
    actual.awaitUntil(
        count + " exchanges have ended",
        () -> actual.exchanges().stream().filter(exchange -> !exchange.isOpen()).count() >= count,
        TIMEOUT);
  }

  private RecordingAssert fails(boolean failed, String expected, List<?> found) {
    if (failed) {
      failWithMessage("Expected %s, but found %s; events: %s", expected, found, actual.events());
    }
    return this;
  }
}
