package io.github.proxytelemetry.sdk.export;

import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Thread pool that interrupts tasks after a time limit. The JDK's HTTP server reads and writes
 * through channels, which an interrupt closes: a slow client loses its connection and frees the
 * thread.
 */
final class DeadlineThreads extends ThreadPoolExecutor {
  private final long limitNanos;
  private final ScheduledThreadPoolExecutor timer;

  // The queue needs no bound: it holds connections, which are open anyway.
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
      // An interrupt at the last moment is not for the next task; the pool clears later ones.
      Thread.interrupted();
    }
  }
}
