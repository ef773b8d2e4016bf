package io.github.proxytelemetry.httpclient;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bodies that their hosts read in pieces. One that is never read, nor closed, never ends by
 * itself, and its attempt would be active for ever.
 */
final class UnreadBodies {
  private static final System.Logger LOGGER = System.getLogger(HttpClientTelemetry.class.getName());

  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Map<DownloadSubscriber<?>, Mark> open = new ConcurrentHashMap<>();
  private final AtomicBoolean said = new AtomicBoolean();
  private final AtomicBoolean timed = new AtomicBoolean();
  private final long limitNanos;
  private final Executor later;

  UnreadBodies(long limitNanos) {
    this.limitNanos = limitNanos;
    // The JDK's own timer and pool, which are there for whoever waits for a future.
    this.later =
        CompletableFuture.delayedExecutor(
            Math.max(limitNanos / 2, SHORTEST_NANOS), TimeUnit.NANOSECONDS);
  }

  void watch(DownloadSubscriber<?> body) {
    open.put(body, Mark.NONE);
    if (!timed.get()) {
      lookLater();
    }
  }

  void forget(DownloadSubscriber<?> body) {
    open.remove(body);
  }

  private void lookLater() {
    if (timed.compareAndSet(false, true)) {
      later.execute(this::look);
    }
  }

  /** Looks after them twice in the time that they have, and not when there are none. */
  private void look() {
    timed.set(false);
    long now = System.nanoTime();
    open.forEach((body, mark) -> look(body, mark, now));
    if (!open.isEmpty()) {
      lookLater();
    }
  }

  /** A body that ends meanwhile is gone, and stays so. */
  private void look(DownloadSubscriber<?> body, Mark mark, long now) {
    if (!body.isIdle()) {
      open.replace(body, mark, Mark.NONE);
    } else if (mark.progress != body.progress()) {
      open.replace(body, mark, new Mark(body.progress(), now));
    } else if (now - mark.sinceNanos >= limitNanos && open.remove(body, mark)) {
      body.givenUp();
      say();
    }
  }

  private void say() {
    if (said.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "A response's body was neither read to its end nor closed, and counts as cancelled:"
              + " close it, or read it to its end.");
    }
  }

  /** How far a body was when it was first seen to wait for its host. */
  private record Mark(long progress, long sinceNanos) {
    static final Mark NONE = new Mark(-1, 0);
  }
}
