package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attempts of one exchange, as a list that begins with the latest: how long the upstreams were at
 * work, and whether any succeeded.
 *
 * <p>Each attempt keeps its own times and its own end, which the exchange reads at its commit and
 * at its end. So there is no lock, although attempts may run on other threads than the exchange.
 */
final class Attempts {
  private Attempts() {}

  /**
   * Links a new attempt before the others. Attempts that are over are merged into one first, so
   * that a host that retries for ever does not add up.
   */
  static void link(AttemptProgress added, @Nullable AttemptProgress last) {
    added.ordinal = next(last);
    added.earlier = last != null && last.earlier != null && isOver(last) ? merged(last) : last;
  }

  /** Which attempt the next one is, from 1. */
  static short next(@Nullable AttemptProgress last) {
    return (short) (last == null ? 1 : Math.min(last.ordinal + 1, Short.MAX_VALUE));
  }

  /** Nanoseconds until now in which any upstream was at work. */
  static long busyNanos(@Nullable AttemptProgress last, long now) {
    if (last == null) {
      return 0;
    }
    return last.earlier == null ? last.busyNanos(now) : unionNanos(last, now);
  }

  /**
   * The fault of an exchange: its own first one, or that of the last attempt unless any succeeded,
   * or what its gRPC status says.
   */
  static int fault(int first, @Nullable AttemptProgress last, byte grpc) {
    if (first != Fault.NONE) {
      return first;
    }
    int ofLast = last == null || succeeded(last) ? Fault.NONE : last.fault();
    return ofLast != Fault.NONE || grpc == GrpcStatus.NOT_GRPC
        ? ofLast
        : GrpcStatus.fault(grpc, last == null ? Side.PROXY : Side.UPSTREAM);
  }

  /**
   * Packed label of the upstream that a fault of the exchange is of: of the latest attempt that
   * ended with it, or of the only attempt; 0 where that is not known.
   */
  static long upstream(@Nullable AttemptProgress last, int fault) {
    for (AttemptProgress attempt = last; attempt != null; attempt = attempt.earlier) {
      if (attempt.fault() == fault) {
        return attempt.upstream();
      }
    }
    return last != null && last.earlier == null ? last.upstream() : 0;
  }

  /** Whether every attempt got a response that is not an error. */
  static boolean isComplete(@Nullable AttemptProgress last) {
    for (AttemptProgress attempt = last; attempt != null; attempt = attempt.earlier) {
      if (!attempt.isComplete()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOver(AttemptProgress last) {
    for (AttemptProgress attempt = last; attempt != null; attempt = attempt.earlier) {
      if (!attempt.isOver()) {
        return false;
      }
    }
    return true;
  }

  private static boolean succeeded(AttemptProgress last) {
    for (AttemptProgress attempt = last; attempt != null; attempt = attempt.earlier) {
      if (attempt.succeeded()) {
        return true;
      }
    }
    return false;
  }

  /** Nothing that starts later can overlap with attempts that are over. */
  private static AttemptProgress merged(AttemptProgress last) {
    long untilNanos = 0;
    for (AttemptProgress attempt = last; attempt != null; attempt = attempt.earlier) {
      long nanos = attempt.lastNanos();
      if (nanos != 0 && (untilNanos == 0 || nanos - untilNanos > 0)) {
        untilNanos = nanos;
      }
    }
    long busy = unionNanos(last, untilNanos);
    return AttemptProgress.merged(untilNanos, busy, succeeded(last), isComplete(last));
  }

  /** The length of the union of the intervals in which an upstream was at work. */
  private static long unionNanos(AttemptProgress last, long now) {
    // Other threads change the times, so each is read once.
    List<Interval> intervals = new ArrayList<>();
    for (AttemptProgress attempt = last; attempt != null; attempt = attempt.earlier) {
      long nanos = attempt.busyNanos(now);
      if (nanos > 0) {
        intervals.add(new Interval(attempt.sinceNanos(), nanos));
      }
    }
    if (intervals.isEmpty()) {
      return 0;
    }
    // Only differences between nano times have a meaning.
    long origin = intervals.get(0).since;
    intervals.sort(Comparator.comparingLong(interval -> interval.since - origin));
    long total = 0;
    long until = Long.MIN_VALUE;
    for (Interval interval : intervals) {
      long from = Math.max(interval.since - origin, until);
      until = Math.max(interval.since - origin + interval.nanos, until);
      total += until - from;
    }
    return total;
  }

  private record Interval(long since, long nanos) {}
}
