package io.github.proxytelemetry.otel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells now and then that what should not happen went on happening. It looks when metrics are
 * collected, so that traffic pays nothing for it.
 */
final class GrowthLog {
  private static final System.Logger LOGGER =
      System.getLogger(OtelProxyTelemetry.class.getPackageName());

  private final String remark;
  private final Seldom seldom = new Seldom();
  private final AtomicLong told = new AtomicLong();

  /**
   * @param remark what to say, with {@code {0}} where the number of new occurrences belongs
   */
  GrowthLog(String remark) {
    this.remark = remark;
  }

  void look(long count) {
    if (count > told.get() && seldom.now()) {
      LOGGER.log(System.Logger.Level.WARNING, remark, count - told.getAndSet(count));
    }
  }
}
