package io.github.proxytelemetry.httpclient;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bodies that their hosts read in pieces. One that is never read, nor closed, never ends by
 * itself, and its attempt would be active for ever.
 */
final class UnreadBodies {
  private static final System.Logger LOGGER = System.getLogger(HttpClientTelemetry.class.getName());

  private final Map<DownloadSubscriber<?>, Mark> open = new ConcurrentHashMap<>();
  private final AtomicBoolean said = new AtomicBoolean();
  private final long limitNanos;
  private final AtomicLong nextSweep;

  UnreadBodies(long limitNanos) {
    this.limitNanos = limitNanos;
    this.nextSweep = new AtomicLong(System.nanoTime() + limitNanos / 2);
  }

  void watch(DownloadSubscriber<?> body) {
    open.put(body, Mark.NONE);
  }

  void forget(DownloadSubscriber<?> body) {
    open.remove(body);
  }

  /** Looks after them twice in the time that they have, on the thread of a next request. */
  void sweep() {
    long now = System.nanoTime();
    long due = nextSweep.get();
    if (now - due >= 0 && nextSweep.compareAndSet(due, now + limitNanos / 2)) {
      sweep(now);
    }
  }

  private void sweep(long now) {
    open.forEach((body, mark) -> look(body, mark, now));
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
