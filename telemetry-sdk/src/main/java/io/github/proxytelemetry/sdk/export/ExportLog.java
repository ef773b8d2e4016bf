package io.github.proxytelemetry.sdk.export;

import java.util.concurrent.TimeUnit;

/** Log of an exporter's failures and recoveries, one line a minute at most. Single-threaded. */
final class ExportLog {
  private static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.sdk");
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String failure;
  private final String recovery;
  private boolean failing;
  private long quietUntilNanos = System.nanoTime();

  /** Texts with nothing from the network in them. */
  ExportLog(String failure, String recovery) {
    this.failure = failure;
    this.recovery = recovery;
  }

  void report(boolean good) {
    if (good != failing || System.nanoTime() - quietUntilNanos < 0) {
      return;
    }
    failing = !good;
    quietUntilNanos = System.nanoTime() + QUIET_NANOS;
    LOGGER.log(
        failing ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
        failing ? failure : recovery);
  }
}
