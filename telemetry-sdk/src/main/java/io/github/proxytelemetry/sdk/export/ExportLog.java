package io.github.proxytelemetry.sdk.export;

import java.util.concurrent.TimeUnit;

/** Log of an exporter's failures and recoveries, one line a minute at most. Single-threaded. */
final class ExportLog {
  private static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.sdk");
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String failure;
  private final String recovery;
  private String cause = "";
  private boolean failing;
  private long quietUntilNanos = System.nanoTime();

  /** Texts with nothing from the network in them. */
  ExportLog(String failure, String recovery) {
    this.failure = failure;
    this.recovery = recovery;
  }

  /** Reports a failure for another reason, too. */
  void report(boolean good, String why) {
    boolean isNews = good ? failing : !failing || !cause.equals(why);
    if (!isNews || System.nanoTime() - quietUntilNanos < 0) {
      return;
    }
    failing = !good;
    cause = why;
    quietUntilNanos = System.nanoTime() + QUIET_NANOS;
    LOGGER.log(
        failing ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
        failing
            ? failure + (why.isEmpty() ? "" : " (" + why + ")") + ". Traffic is not affected."
            : recovery);
  }
}
