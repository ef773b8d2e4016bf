package io.github.proxytelemetry.sdk.export;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Background thread of one exporter and one signal. It exports at its interval, when its queue has
 * a full batch, and on a flush; only flush and close wait for it, up to their time-out.
 */
abstract class ExportLoop {
  /** Time that a close waits for threads that are about to end. */
  private static final long GRACE_MILLIS = 100;

  private final long intervalNanos;
  private final Thread thread;
  private final ExportLog log;
  private final ExportStats stats;
  private final Backoff backoff = new Backoff();

  // Guarded by this; volatile for the loop, which reads it without the lock.
  private volatile long requested;
  private long completed;
  private volatile boolean stopping;
  private volatile boolean abandoned;

  /** End of the delay that the destination asked for. */
  private volatile long retryAfterNanos = System.nanoTime();

  // Used by the loop's thread only.
  private long backoffUntilNanos = System.nanoTime();
  private long lastAttempt;

  ExportLoop(String exporter, String signal, long intervalNanos) {
    this.stats = new ExportStats(exporter, signal, this::queued);
    this.intervalNanos = intervalNanos;
    this.thread = new Thread(this::run, "proxy-telemetry-" + exporter + "-" + signal);
    this.thread.setDaemon(true);
    String subject = "Exporter \"" + exporter + "\": " + signal;
    this.log = new ExportLog(subject + " are not delivered", subject + " are delivered again.");
  }

  final void start() {
    thread.start();
  }

  /**
   * Exports what was accepted until now; called on the loop's thread only, and at last once more.
   */
  abstract void export(boolean last);

  /** Whether there is enough to export before the interval is over. */
  abstract boolean isFull();

  /** Items in the queue, where there is one. */
  long queued() {
    return 0;
  }

  /** Items lost since the last call. */
  abstract long takeLost();

  /** As {@link #takeLost}, with those that are neither delivered nor lost yet. */
  abstract long takeUnfinished();

  /** Stops the exporter itself. */
  abstract void shutdownExporter();

  /** Requests an export of all that was accepted until now; returns a ticket to {@link #await}. */
  final synchronized long request() {
    long ticket = ++requested;
    LockSupport.unpark(thread);
    return ticket;
  }

  /** As {@link #request()}, for the last time. */
  final synchronized long requestStop() {
    stopping = true;
    return request();
  }

  /** Waits for a request to be completed, at most until {@code deadlineNanos}. */
  final FlushResult await(long ticket, long deadlineNanos) {
    boolean done = isCompleted(ticket, deadlineNanos);
    return new FlushResult(!done, done ? takeLost() : takeUnfinished());
  }

  /** As {@link #await}, and leaves nothing running afterwards. */
  final FlushResult awaitStop(long ticket, long deadlineNanos) {
    FlushResult result = await(ticket, deadlineNanos);
    abandoned = true;
    if (result.timedOut()) {
      thread.interrupt();
    }
    LockSupport.unpark(thread);
    shutdownExporter();
    return result;
  }

  /** Waits for the thread to end. */
  final void join() {
    if (Thread.currentThread() != thread) {
      try {
        thread.join(GRACE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  final ExportStats stats() {
    return stats;
  }

  final boolean mustWait() {
    return retryAfterNanos - System.nanoTime() > 0;
  }

  /**
   * Waits until the next attempt is due after one that failed. A flush or close cuts the backoff
   * short, but not the delay that the destination asked for.
   *
   * @return {@code false} after a close that timed out: no further attempt is made
   */
  final boolean awaitTurn() {
    while (!abandoned) {
      long now = System.nanoTime();
      long left = retryAfterNanos - now;
      if (requested == lastAttempt) {
        left = Math.max(left, backoffUntilNanos - now);
      }
      if (left <= 0) {
        lastAttempt = requested;
        return true;
      }
      LockSupport.parkNanos(this, left);
      Thread.interrupted();
    }
    return false;
  }

  /** Records an attempt, and when the next one may be made. */
  final void attempted(Outcome outcome, long items) {
    stats.attempted(outcome, items);
    log.report(outcome.isDelivered(), outcome.cause());
    if (!outcome.isWorthARetry()) {
      backoff.reset();
      return;
    }
    backoffUntilNanos = System.nanoTime() + backoff.nextNanos();
    if (outcome.retryAfterNanos() > 0) {
      retryAfterNanos = System.nanoTime() + Backoff.afterRetryAfter(outcome.retryAfterNanos());
      wakeFlushes();
    }
  }

  final void wake() {
    LockSupport.unpark(thread);
  }

  private void run() {
    long next = System.nanoTime() + intervalNanos;
    while (true) {
      awaitWork(next);
      // Read `stopping` before `requested`, so that the final export covers the stop's ticket.
      boolean last = stopping;
      long ticket = requested;
      try {
        export(last);
      } catch (Throwable t) {
        // Not expected; but without this thread there would be no more exports.
        Outcome outcome = Outcome.error(Causes.of(t, false));
        stats.attempted(outcome, 0);
        log.report(false, outcome.cause());
      }
      Thread.interrupted();
      next = System.nanoTime() + intervalNanos;
      // After the last export nothing is waited for: a flush that races close() returns.
      complete(last ? Long.MAX_VALUE : ticket);
      if (last) {
        return;
      }
    }
  }

  private void awaitWork(long next) {
    long left = next - System.nanoTime();
    while (left > 0 && !isRequested() && !isFull()) {
      LockSupport.parkNanos(this, left);
      Thread.interrupted();
      left = next - System.nanoTime();
    }
  }

  private synchronized boolean isRequested() {
    return requested > completed;
  }

  private synchronized void complete(long ticket) {
    completed = ticket;
    notifyAll();
  }

  private synchronized void wakeFlushes() {
    notifyAll();
  }

  private synchronized boolean isCompleted(long ticket, long deadlineNanos) {
    boolean interrupted = false;
    try {
      while (completed < ticket) {
        long left = deadlineNanos - System.nanoTime();
        // Retry-After ends after the deadline: waiting is pointless.
        if (left <= 0 || interrupted || retryAfterNanos - deadlineNanos > 0) {
          return false;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
