package io.github.proxytelemetry.console;

import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Thread pool that interrupts tasks after a time limit. The JDK's HTTP server reads and writes
 * through channels, which an interrupt closes: a slow browser loses its connection and frees the
 * thread.
 */
final class DeadlineThreads extends ThreadPoolExecutor {
  private static final long IDLE_SECONDS = 30;

  private final long limitSeconds;
  private final ScheduledThreadPoolExecutor timer;

  // The queue needs no bound: it holds connections, which are open anyway.
  DeadlineThreads(String name, int threads, long limitSeconds) {
    super(
        threads,
        threads,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        daemons(name));
    this.limitSeconds = limitSeconds;
    this.timer = new ScheduledThreadPoolExecutor(1, daemons(name + "-timer"));
    timer.setRemoveOnCancelPolicy(true);
    allowCoreThreadTimeOut(true);
  }

  static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
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

  private void runWithin(Runnable command) {
    Thread thread = Thread.currentThread();
    Future<?> limit = timer.schedule(thread::interrupt, limitSeconds, TimeUnit.SECONDS);
    try {
      command.run();
    } finally {
      limit.cancel(false);
      // An interrupt at the last moment is not for the next task; the pool clears later ones.
      Thread.interrupted();
    }
  }
}
