package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Stands between a background thread and an exporter. Whatever the exporter does, the thread has
 * its answer in time and lives on: an exporter may hang, throw any error, or leave the thread
 * interrupted.
 */
final class ExportGuard {
  private final long timeoutNanos;

  ExportGuard(long timeoutNanos) {
    this.timeoutNanos = timeoutNanos;
  }

  /** Runs an export; {@code true} only if the destination acknowledged it in time. */
  boolean delivers(Supplier<CompletableResultCode> export) {
    try {
      return export.get().join(timeoutNanos, TimeUnit.NANOSECONDS).isSuccess();
    } catch (Throwable t) {
      // A missing class would end the thread as surely as an exception, and all later exports with
      // it.
      return false;
    } finally {
      Thread.interrupted();
    }
  }
}
