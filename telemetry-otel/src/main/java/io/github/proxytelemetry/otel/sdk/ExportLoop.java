package io.github.proxytelemetry.otel.sdk;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The background thread of one exporter and one signal: it exports at its interval, when it is
 * full, and when somebody flushes. Only flushes and closes wait for it, and only as long as they
 * said.
 */
abstract class ExportLoop {
  private final long intervalNanos;
  private final Thread thread;
  private final ExportLog log;

  // Guarded by this, and volatile for the thread's look at it while it parks.
  private volatile long requested;
  private long completed;
  private volatile boolean stopping;
  private volatile boolean abandoned;

  ExportLoop(String exporter, String signal, long intervalNanos) {
    this.intervalNanos = intervalNanos;
    this.thread = new Thread(this::run, "proxy-telemetry-" + exporter + "-" + signal);
    this.thread.setDaemon(true);
    this.log = new ExportLog(exporter, signal);
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
    shutdownExporter();
    return delivery;
  }

  /** Nobody waits for the result any more: there is no use in another batch. */
  final boolean isAbandoned() {
    return abandoned;
  }

  final void wake() {
    LockSupport.unpark(thread);
  }

  final void report(boolean delivered) {
    log.report(delivered);
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
        // Collecting runs callbacks of the host. Were this thread to end, so would all later
        // exports.
        report(false);
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

  private synchronized boolean isCompleted(long ticket, long deadlineNanos) {
    boolean interrupted = false;
    try {
      while (completed < ticket) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0 || interrupted) {
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
