package io.github.proxytelemetry.otel.sdk;

import java.util.concurrent.TimeUnit;

/**
 * Tells operators when exports begin to fail and when they are well again, once a minute at most.
 * Used by one thread.
 */
final class ExportLog {
  private static final System.Logger LOGGER = System.getLogger(TelemetrySdk.class.getPackageName());
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String exporter;
  private final String signal;
  private boolean failing;
  private long quietUntilNanos = System.nanoTime();

  ExportLog(String exporter, String signal) {
    this.exporter = exporter;
    this.signal = signal;
  }

  void report(boolean delivered) {
    if (delivered != failing || System.nanoTime() - quietUntilNanos < 0) {
      return;
    }
    failing = !delivered;
    quietUntilNanos = System.nanoTime() + QUIET_NANOS;
    if (failing) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "Exporter \"{0}\": {1} are not delivered. Traffic is not affected.",
          exporter,
          signal);
    } else {
      LOGGER.log(
          System.Logger.Level.INFO, "Exporter \"{0}\": {1} are delivered again.", exporter, signal);
    }
  }
}
