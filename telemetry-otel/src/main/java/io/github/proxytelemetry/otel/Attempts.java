package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange knows of its attempts: how long the upstream was at work, and whether the last
 * of them failed.
 *
 * <p>The upstream's time is the union of the attempts' spans from their first network activity to
 * their last event, in constant space however many there are. Attempts may be told by other threads
 * than the exchange, so their changes of state take the monitor; bytes never do.
 */
abstract class Attempts extends Held {
  /** How far an attempt has got; guarded by its exchange, because its end may race all else. */
  enum Progress {
    IDLE,
    WAITING,
    ANSWERED,
    OVER
  }

  private int started;
  private int active;

  /** Active attempts that have no response head yet: all time until now is the upstream's. */
  private int waiting;

  /** When the open stretch of upstream time began; meaningful while any attempt is active. */
  private long sinceNanos;

  private long accumulatedNanos;

  /** The last event from an upstream; written without the monitor when bytes arrive. */
  private volatile long lastNanos;

  private volatile boolean committed;

  private boolean succeeded;
  private int completed;
  private int lastFailed;
  private @Nullable Side failedSide;
  private @Nullable ProxyError failedError;
  private @Nullable Side side;
  private @Nullable ProxyError error;

  /** Returns the number of the attempt, from 1. */
  final synchronized int attemptStarted() {
    return ++started;
  }

  /** Its first network activity. */
  final synchronized void attemptActive(Attempt attempt, long now) {
    if (committed || attempt.progress != Progress.IDLE) {
      return;
    }
    attempt.progress = Progress.WAITING;
    if (active == 0) {
      sinceNanos = now;
    } else if (waiting == 0) {
      accumulatedNanos += lastNanos - sinceNanos;
      sinceNanos = now;
    }
    active++;
    waiting++;
  }

  /** The head of its response arrived. */
  final synchronized void attemptAnswered(Attempt attempt, long now) {
    if (!committed && attempt.progress == Progress.WAITING) {
      attempt.progress = Progress.ANSWERED;
      waiting--;
      lastNanos = now;
    }
  }

  /** A part of its response arrived. */
  final void upstreamEvent(long now) {
    lastNanos = now;
  }

  /**
   * Whether the response's head has gone out, after which the upstream's time is of no interest.
   */
  final boolean isCommitted() {
    return committed;
  }

  /** It is over; {@code byUpstream} says whether the upstream did it. */
  final synchronized void attemptOver(Attempt attempt, boolean byUpstream, long now) {
    Progress before = attempt.progress;
    attempt.progress = Progress.OVER;
    if (committed || before == Progress.IDLE || before == Progress.OVER) {
      return;
    }
    active--;
    if (before == Progress.WAITING) {
      waiting--;
    }
    if (before == Progress.WAITING || byUpstream) {
      lastNanos = now;
    }
    if (active == 0) {
      accumulatedNanos += lastNanos - sinceNanos;
    }
  }

  final synchronized void attemptSucceeded(boolean complete) {
    succeeded = true;
    if (complete) {
      completed++;
    }
  }

  /** Whether every attempt got a response that is no error. */
  final synchronized boolean isComplete() {
    return completed == started;
  }

  final synchronized void attemptFailed(int number, Side side, ProxyError error) {
    if (number >= lastFailed) {
      lastFailed = number;
      failedSide = side;
      failedError = error;
    }
  }

  /**
   * The response's head goes out now; returns the nanoseconds until then that were the upstream's.
   */
  final long commit(long now) {
    // Attempts are started by the exchange itself: where there is none, nobody is at work.
    if (started == 0) {
      committed = true;
      return 0;
    }
    return commitAttempts(now);
  }

  private synchronized long commitAttempts(long now) {
    committed = true;
    if (active == 0) {
      return accumulatedNanos;
    }
    return accumulatedNanos + (waiting > 0 ? now : lastNanos) - sinceNanos;
  }

  /** Something went wrong, if these are not {@code null}. What comes first is what counts. */
  final synchronized void blame(@Nullable Side side, @Nullable ProxyError error) {
    if (this.error == null && side != null && error != null) {
      this.side = side;
      this.error = error;
    }
  }

  /** What went wrong, else what the last attempt failed of, if none before it succeeded. */
  final synchronized @Nullable ProxyError error() {
    if (error != null) {
      return error;
    }
    return !succeeded && lastFailed == started ? failedError : null;
  }

  /** Who caused {@link #error()}. */
  final synchronized @Nullable Side side() {
    return error != null ? side : failedSide;
  }
}
