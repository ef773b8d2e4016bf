package io.github.proxytelemetry.httpclient;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Watchdog for response bodies with limited demand. A body that is neither read to its end nor
 * closed would keep its attempt active for ever; it is treated as cancelled.
 */
final class UnreadBodies {
  private static final System.Logger LOGGER = System.getLogger(HttpClientTelemetry.class.getName());

  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Map<DownloadSubscriber<?>, Stall> open = new ConcurrentHashMap<>();
  private final AtomicBoolean warned = new AtomicBoolean();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final long limitNanos;
  private final Executor delayed;

  UnreadBodies(long limitNanos) {
    this.limitNanos = limitNanos;
    // The timer and the pool that the JDK shares among all futures: no thread of our own.
    this.delayed =
        CompletableFuture.delayedExecutor(
            Math.max(limitNanos / 2, SHORTEST_NANOS), TimeUnit.NANOSECONDS);
  }

  void watch(DownloadSubscriber<?> body) {
    open.put(body, Stall.NONE);
    if (!scheduled.get()) {
      schedule();
    }
  }

  void forget(DownloadSubscriber<?> body) {
    open.remove(body);
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      delayed.execute(this::check);
    }
  }

  /** Runs twice per limit while there are open bodies. */
  private void check() {
    scheduled.set(false);
    long now = System.nanoTime();
    open.forEach((body, stall) -> check(body, stall, now));
    if (!open.isEmpty()) {
      schedule();
    }
  }

  /** The conditional map operations ignore a body that has ended meanwhile. */
  private void check(DownloadSubscriber<?> body, Stall stall, long now) {
    if (!body.isIdle()) {
      open.replace(body, stall, Stall.NONE);
    } else if (stall.received != body.received()) {
      open.replace(body, stall, new Stall(body.received(), now));
    } else if (now - stall.sinceNanos >= limitNanos && open.remove(body, stall)) {
      body.abandon();
      warnOnce();
    }
  }

  private void warnOnce() {
    if (warned.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "An HTTP response body was neither read to its end nor closed and is treated as cancelled;"
              + " close the stream, or read it to its end.");
    }
  }

  /** Bytes received when a body was first seen without demand, and the time of it. */
  private record Stall(long received, long sinceNanos) {
    static final Stall NONE = new Stall(-1, 0);
  }
}
