package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Guard of an exporter: runs it on another thread with a deadline. An exporter may hang, throw any
 * error, or leave its thread interrupted; so may code of the host that it calls, such as the
 * supplier of a token.
 */
final class ExportGuard {
  private final ExecutorService executor;
  private final long timeoutNanos;
  private final String destination;

  /** The destination is for messages. */
  ExportGuard(ExecutorService executor, long timeoutNanos, String destination) {
    this.executor = executor;
    this.timeoutNanos = timeoutNanos;
    this.destination = destination;
  }

  /** Runs an export to its end, or to the deadline. */
  Outcome run(Supplier<CompletableResultCode> export) {
    return runAll(() -> call(export));
  }

  /** Calls the exporter on this thread. */
  Outcome call(Supplier<CompletableResultCode> export) {
    return Outcome.of(export, timeoutNanos);
  }

  /** As {@link #run}, for several calls of the exporter in a row. */
  Outcome runAll(Callable<Outcome> exports) {
    return guarded(exports).at(destination);
  }

  private Outcome guarded(Callable<Outcome> exports) {
    FutureTask<Outcome> task = new FutureTask<>(exports);
    try {
      executor.execute(task);
      return task.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // Any Throwable: a missing class must not end the loop's thread either.
      return Outcome.error(Causes.of(Objects.requireNonNullElse(e.getCause(), e), false));
    } catch (TimeoutException | InterruptedException | RejectedExecutionException e) {
      // Rejected: earlier exports hang on all threads.
      return Outcome.TIMED_OUT;
    } finally {
      task.cancel(true);
      Thread.interrupted();
    }
  }
}
