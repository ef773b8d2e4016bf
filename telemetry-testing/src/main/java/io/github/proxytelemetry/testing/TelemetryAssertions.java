package io.github.proxytelemetry.testing;

/**
 * Assertions about recorded telemetry, for the tests of a proxy. Import {@code assertThat} beside
 * AssertJ's.
 *
 * @since 0.1.0
 */
public final class TelemetryAssertions {
  /**
   * Asserts about all that was recorded.
   *
   * @param actual the recorder
   * @return its assertions
   */
  public static RecordingAssert assertThat(RecordingProxyTelemetry actual) {
    return new RecordingAssert(actual);
  }

  /**
   * Asserts about one exchange, as it is at the time of each assertion.
   *
   * @param actual the exchange
   * @return its assertions
   */
  public static ExchangeAssert assertThat(RecordedExchange actual) {
    return new ExchangeAssert(actual);
  }

  /**
   * Asserts about one attempt, as it is at the time of each assertion.
   *
   * @param actual the attempt
   * @return its assertions
   */
  public static AttemptAssert assertThat(RecordedAttempt actual) {
    return new AttemptAssert(actual);
  }

  private TelemetryAssertions() {}
}
