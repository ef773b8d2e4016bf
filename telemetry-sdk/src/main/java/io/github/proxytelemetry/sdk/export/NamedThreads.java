package io.github.proxytelemetry.sdk.export;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Factory of named daemon threads. */
final class NamedThreads implements ThreadFactory {
  private static final long HAND_OVER_MILLIS = 100;

  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();

  /** A pool without a queue: tasks beyond {@code max} threads are rejected. */
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

  /** A thread that has just finished a task may not wait for the next one yet. */
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
