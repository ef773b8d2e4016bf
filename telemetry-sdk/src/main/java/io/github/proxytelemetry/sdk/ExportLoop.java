package io.github.proxytelemetry.sdk;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The background thread of one exporter and one signal: it exports at its interval, when it is
 * full, and when somebody flushes. Only flushes and closes wait for it, and only as long as they
 * said.
 */
abstract class ExportLoop {
  /** How long whoever closes waits for threads that are about to end. */
  private static final long GRACE_MILLIS = 100;

  private final String exporter;
  private final String signal;
  private final long intervalNanos;
  private final Thread thread;
  private final ExportLog log;
  private final ExportStats stats = new ExportStats();
  private final Backoff backoff = new Backoff();

  // Guarded by this, and volatile for the thread's look at it while it parks.
  private volatile long requested;
  private long completed;
  private volatile boolean stopping;
  private volatile boolean abandoned;

  /** What the destination asked for: nobody may send before. */
  private volatile long toldUntilNanos = System.nanoTime();

  // Touched by the loop's thread only.
  private long backoffUntilNanos = System.nanoTime();
  private long lastAttempt;

  ExportLoop(String exporter, String signal, long intervalNanos) {
    this.exporter = exporter;
    this.signal = signal;
    this.intervalNanos = intervalNanos;
    this.thread = new Thread(this::run, "proxy-telemetry-" + exporter + "-" + signal);
    this.thread.setDaemon(true);
    String subject = "Exporter \"" + exporter + "\": " + signal;
    this.log =
        new ExportLog(
            subject + " are not delivered. Traffic is not affected.",
            subject + " are delivered again.");
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

  /** How many are accepted and neither delivered nor lost. */
  abstract long pending();

  /** How many are kept, by those that keep any. */
  long queued() {
    return 0;
  }

  /** How many were lost since this was last asked. */
  abstract long takeLost();

  /** Stops the exporter itself. */
  abstract void shutdownExporter();

  /** Asks for an export of all that was accepted until now; returns what to {@link #await}. */
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

  /** Waits for what was requested, until the clock shows {@code deadlineNanos}. */
  final Delivery await(long ticket, long deadlineNanos) {
    boolean done = isCompleted(ticket, deadlineNanos);
    return done ? Delivery.ofLost(takeLost()) : Delivery.timedOut(takeLost() + pending());
  }

  /** As {@link #await}, and leaves nothing running afterwards. */
  final Delivery awaitStop(long ticket, long deadlineNanos) {
    Delivery delivery = await(ticket, deadlineNanos);
    abandoned = true;
    if (delivery.status() == Delivery.Status.TIMED_OUT) {
      thread.interrupt();
    }
    LockSupport.unpark(thread);
    shutdownExporter();
    return delivery;
  }

  /** Waits for the thread's end, which is near. */
  final void join() {
    if (Thread.currentThread() != thread) {
      try {
        thread.join(GRACE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  final ExporterHealth health() {
    return stats.health(exporter, signal, queued());
  }

  final ExportStats stats() {
    return stats;
  }

  final boolean isToldToWait() {
    return toldUntilNanos - System.nanoTime() > 0;
  }

  /**
   * Waits until the next attempt is due after one that failed. Somebody who flushes or closes need
   * not wait, but where the destination itself has said how long.
   *
   * @return {@code false} if nobody waits for the result any more: there is no use in an attempt
   */
  final boolean awaitTurn() {
    while (!abandoned) {
      long now = System.nanoTime();
      long left = toldUntilNanos - now;
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

  /** Takes down how an attempt went, and when the next one may be. */
  final void attempted(Outcome outcome, long items) {
    stats.attempted(outcome, items);
    log.report(outcome.isDelivered());
    if (!outcome.isWorthARetry()) {
      backoff.reset();
      return;
    }
    backoffUntilNanos = System.nanoTime() + backoff.nextNanos();
    if (outcome.retryAfterNanos() > 0) {
      toldUntilNanos = System.nanoTime() + Backoff.told(outcome.retryAfterNanos());
      wakeThoseWhoWait();
    }
  }

  final void wake() {
    LockSupport.unpark(thread);
  }

  private void run() {
    long next = System.nanoTime() + intervalNanos;
    while (true) {
      awaitWork(next);
      // In this order: a stop that is seen has been requested before.
      boolean last = stopping;
      long ticket = requested;
      try {
        export(last);
      } catch (Throwable t) {
        // Nothing is expected here. Were this thread to end, so would all later exports.
        stats.attempted(Outcome.ERROR, 0);
        log.report(false);
      }
      Thread.interrupted();
      next = System.nanoTime() + intervalNanos;
      complete(ticket);
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

  private synchronized void wakeThoseWhoWait() {
    notifyAll();
  }

  private synchronized boolean isCompleted(long ticket, long deadlineNanos) {
    boolean interrupted = false;
    try {
      while (completed < ticket) {
        long left = deadlineNanos - System.nanoTime();
        // There is no use in waiting for a destination that wants to be left alone for longer.
        if (left <= 0 || interrupted || toldUntilNanos - deadlineNanos > 0) {
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
