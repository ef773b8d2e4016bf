package io.github.proxytelemetry.sdk.export;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Thread pool that interrupts tasks after a time limit. The JDK's HTTP server reads and writes
 * through channels, which an interrupt closes: a slow client loses its connection and frees the
 * thread. Those that find neither a thread nor room in the queue lose theirs at once.
 */
final class DeadlineThreads extends ThreadPoolExecutor {
  private final long limitNanos;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Thread, Future<?>> limits = new ConcurrentHashMap<>();

  DeadlineThreads(String name, int threads, int queued, long limitNanos) {
    super(
        threads,
        threads,
        30,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(queued),
        new NamedThreads(name),
        (command, pool) -> runInterrupted(command));
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
  public List<Runnable> shutdownNow() {
    timer.shutdownNow();
    return super.shutdownNow();
  }

  /** Gives the task of this thread a new limit, from now on. */
  void extend(long nanos) {
    limit(Thread.currentThread(), nanos);
  }

  private void runWithin(Runnable command) {
    Thread thread = Thread.currentThread();
    limit(thread, limitNanos);
    try {
      command.run();
    } finally {
      Future<?> limit = limits.remove(thread);
      if (limit != null) {
        limit.cancel(false);
      }
      // An interrupt at the last moment is not for the next task; the pool clears later ones.
      Thread.interrupted();
    }
  }

  private void limit(Thread thread, long nanos) {
    Future<?> old =
        limits.put(thread, timer.schedule(thread::interrupt, nanos, TimeUnit.NANOSECONDS));
    if (old != null) {
      old.cancel(false);
    }
  }

  /** The first read closes the connection. */
  private static void runInterrupted(Runnable command) {
    Thread.currentThread().interrupt();
    try {
      command.run();
    } finally {
      Thread.interrupted();
    }
  }
}
