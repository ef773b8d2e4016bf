package io.github.proxytelemetry.otel.metrics;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Warning about a count that keeps growing, once a minute. The count is looked at when metrics are
 * collected, so that traffic pays nothing for it.
 */
final class GrowthLog {
  private final String message;
  private final LogThrottle throttle = new LogThrottle();
  private final AtomicLong logged = new AtomicLong();

  /**
   * @param message the text, with {@code {0}} for the number of new occurrences
   */
  GrowthLog(String message) {
    this.message = message;
  }

  void check(long count) {
    if (count > logged.get() && throttle.permits()) {
      TelemetryNames.LOGGER.log(
          System.Logger.Level.WARNING, message, count - logged.getAndSet(count));
    }
  }
}
