package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange knows of its attempts: how long the upstream was at work, and whether the last
 * of them failed.
 *
 * <p>Each attempt keeps its own times and its own end, and the exchange looks at them when its head
 * goes out and when it is over. So there is no lock, although attempts may be told by other threads
 * than the exchange. Those that are over are put together as one when the next begins: however
 * often a host tries again, it does not add up.
 */
abstract class Attempts extends Held {
  private static final VarHandle LATEST;
  private static final VarHandle BLAMED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LATEST = lookup.findVarHandle(Attempts.class, "latest", Attempt.class);
      BLAMED = lookup.findVarHandle(Attempts.class, "blamed", short.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The attempt that was started last; those that were at work when it was are linked to it. */
  private @Nullable Attempt latest;

  private short started;
  private volatile short blamed;

  /** Returns the number of the attempt that is about to begin, from 1. */
  final int nextNumber() {
    return started + 1;
  }

  /** An attempt begins; only the exchange's own thread says so. */
  final void attemptStarted(Attempt attempt) {
    started = (short) Math.min(started + 1, Short.MAX_VALUE);
    Attempt before = latest;
    attempt.earlier =
        before != null && before.earlier != null && isOver(before) ? asOne(before) : before;
    LATEST.setRelease(this, attempt);
  }

  /** How many of the nanoseconds until now were the upstream's. */
  final long upstreamNanos(long now) {
    Attempt last = latest;
    return last == null ? 0 : busyNanos(last, now);
  }

  /** Whether every attempt got a response that is no error. */
  final boolean isComplete() {
    return isComplete(last());
  }

  /** Something went wrong. What comes first is what counts. */
  final void blame(@Nullable Side side, @Nullable ProxyError error) {
    if (side != null && error != null) {
      BLAMED.compareAndSet(this, (short) Blame.NONE, (short) Blame.of(side, error));
    }
  }

  /** What went wrong, else what the last attempt failed of, if none before it succeeded. */
  final int blame() {
    int first = blamed;
    if (first != Blame.NONE) {
      return first;
    }
    Attempt last = last();
    return last == null || succeeded(last) ? Blame.NONE : last.blame();
  }

  private @Nullable Attempt last() {
    return (Attempt) LATEST.getAcquire(this);
  }

  /** Whatever begins after them cannot overlap with them. */
  private static Attempt asOne(Attempt last) {
    long untilNanos = last.lastNanos();
    for (Attempt attempt = last.earlier; attempt != null; attempt = attempt.earlier) {
      if (attempt.lastNanos() - untilNanos > 0) {
        untilNanos = attempt.lastNanos();
      }
    }
    long busy = unionNanos(last, untilNanos);
    return last.inPlaceOfAll(untilNanos, busy, succeeded(last), isComplete(last));
  }

  private static boolean isOver(Attempt last) {
    for (Attempt attempt = last; attempt != null; attempt = attempt.earlier) {
      if (!attempt.isOver()) {
        return false;
      }
    }
    return true;
  }

  private static boolean succeeded(Attempt last) {
    for (Attempt attempt = last; attempt != null; attempt = attempt.earlier) {
      if (attempt.succeeded()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isComplete(@Nullable Attempt last) {
    for (Attempt attempt = last; attempt != null; attempt = attempt.earlier) {
      if (!attempt.isComplete()) {
        return false;
      }
    }
    return true;
  }

  /** The union of the stretches of time in which any of them was at work. */
  private static long busyNanos(Attempt last, long now) {
    return last.earlier == null ? last.busyNanos(now) : unionNanos(last, now);
  }

  private static long unionNanos(Attempt last, long now) {
    // They are told by other threads, so what they say is read once.
    List<Stretch> stretches = new ArrayList<>();
    for (Attempt attempt = last; attempt != null; attempt = attempt.earlier) {
      long nanos = attempt.busyNanos(now);
      if (nanos > 0) {
        stretches.add(new Stretch(attempt.sinceNanos(), nanos));
      }
    }
    if (stretches.isEmpty()) {
      return 0;
    }
    long origin = stretches.get(0).since;
    stretches.sort(Comparator.comparingLong(stretch -> stretch.since - origin));
    long total = 0;
    long until = Long.MIN_VALUE;
    for (Stretch stretch : stretches) {
      long from = Math.max(stretch.since - origin, until);
      until = Math.max(stretch.since - origin + stretch.nanos, until);
      total += until - from;
    }
    return total;
  }

  /** A time on the nano clock has no meaning but in differences. */
  private record Stretch(long since, long nanos) {}
}
