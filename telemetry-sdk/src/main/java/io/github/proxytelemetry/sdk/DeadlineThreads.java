package io.github.proxytelemetry.sdk;

import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few threads that interrupt what takes too long. The JDK's HTTP server reads and writes through
 * channels, and an interrupt closes those: a client that is slow or silent loses its connection,
 * and not everyone else their thread.
 */
final class DeadlineThreads extends ThreadPoolExecutor {
  private final long limitNanos;
  private final ScheduledThreadPoolExecutor timer;

  // The queue has no bound of its own: what waits in it is connections, which are open anyway.
  DeadlineThreads(String name, int threads, long limitNanos) {
    super(
        threads,
        threads,
        30,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new NamedThreads(name));
    this.limitNanos = limitNanos;
    this.timer = new ScheduledThreadPoolExecutor(1, new NamedThreads(name + "-timer"));
    timer.setRemoveOnCancelPolicy(true);
    allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable command) {
    super.execute(() -> runWithin(command));
  }

  @Override
  public java.util.List<Runnable> shutdownNow() {
    timer.shutdownNow();
    return super.shutdownNow();
  }

  private void runWithin(Runnable command) {
    Thread thread = Thread.currentThread();
    Future<?> limit = timer.schedule(thread::interrupt, limitNanos, TimeUnit.NANOSECONDS);
    try {
      command.run();
    } finally {
      limit.cancel(false);
      // One that came at the last moment is not for the next task. The pool sees to one that comes
      // yet later.
      Thread.interrupted();
    }
  }
}
