package io.github.proxytelemetry.sdk;

import java.util.concurrent.TimeUnit;

/**
 * Tells operators when something begins to go wrong and when it is well again, once a minute at
 * most. Used by one thread.
 */
final class ExportLog {
  private static final System.Logger LOGGER = System.getLogger(TelemetrySdk.class.getPackageName());
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String wrong;
  private final String well;
  private boolean failing;
  private long quietUntilNanos = System.nanoTime();

  /** Both texts are ours, with names that the host has given: nothing from the network. */
  ExportLog(String wrong, String well) {
    this.wrong = wrong;
    this.well = well;
  }

  void report(boolean good) {
    if (good != failing || System.nanoTime() - quietUntilNanos < 0) {
      return;
    }
    failing = !good;
    quietUntilNanos = System.nanoTime() + QUIET_NANOS;
    LOGGER.log(
        failing ? System.Logger.Level.WARNING : System.Logger.Level.INFO, failing ? wrong : well);
  }
}
