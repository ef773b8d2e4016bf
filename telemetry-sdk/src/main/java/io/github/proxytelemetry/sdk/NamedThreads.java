package io.github.proxytelemetry.sdk;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads that say whose they are. */
final class NamedThreads implements ThreadFactory {
  private static final long HAND_OVER_MILLIS = 100;

  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();

  /** Threads for work that cannot wait, up to a number; what is too much is refused. */
  static ExecutorService bounded(String prefix, int max) {
    return new ThreadPoolExecutor(
        0,
        max,
        30,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        new NamedThreads(prefix),
        NamedThreads::handOver);
  }

  /** A thread that has just given its answer may not be back for the next piece of work yet. */
  private static void handOver(Runnable work, ThreadPoolExecutor pool) {
    try {
      if (!pool.isShutdown()
          && pool.getQueue().offer(work, HAND_OVER_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new RejectedExecutionException("all threads are busy");
  }

  NamedThreads(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, prefix + "-" + count.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
