package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Stands between a background thread and an exporter. Whatever the exporter does, the thread has
 * its answer in time and lives on: an exporter may hang, throw any error, or leave the thread
 * interrupted. It runs on another thread, so that the deadline holds for code of the host that runs
 * with it as well, such as one that fetches a token.
 */
final class ExportGuard {
  private final ExecutorService executor;
  private final long timeoutNanos;

  ExportGuard(ExecutorService executor, long timeoutNanos) {
    this.executor = executor;
    this.timeoutNanos = timeoutNanos;
  }

  /** Runs an export to its end, or to the deadline. */
  Outcome run(Supplier<CompletableResultCode> export) {
    FutureTask<Outcome> task =
        new FutureTask<>(
            () -> {
              CompletableResultCode result = export.get().join(timeoutNanos, TimeUnit.NANOSECONDS);
              return result.isDone() ? Outcome.of(result) : Outcome.TIMED_OUT;
            });
    try {
      executor.execute(task);
      return task.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // Any Throwable: a missing class would end the thread as surely as an exception, and all
      // later exports with it.
      return Outcome.ERROR;
    } catch (TimeoutException | InterruptedException | RejectedExecutionException e) {
      // Rejected means that earlier exports hang on every thread there may be.
      return Outcome.TIMED_OUT;
    } finally {
      task.cancel(true);
      Thread.interrupted();
    }
  }
}
