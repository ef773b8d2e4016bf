package io.github.proxytelemetry;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Circuit breaker of a telemetry back end: limits what a failing back end costs the host.
 *
 * <p>It opens when more than 100 failures fall into 10 seconds, stays open for 30 seconds, then
 * closes by itself with a fresh budget. The budget is a rate and not a total, so that rare failures
 * over the life of a process never add up to an outage of the telemetry.
 *
 * <p>Logs to {@code io.github.proxytelemetry} when it opens, when it closes, and for the first
 * failure of each minute. A log line names the class of the exception and never its message, which
 * may contain a user's data.
 *
 * <p>Thread-safe and lock-free; no method throws or blocks.
 */
public final class CircuitBreaker {
  static final int BUDGET = 100;
  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(30);
  static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final long CLOSED = 0;

  private final String subject;
  private final LongSupplier nanoClock;
  private final Consumer<String> log;
  private final LongAdder failures = new LongAdder();
  private final AtomicLong trips = new AtomicLong();

  // Ring of the times of the latest failures, one slot for each failure of the budget: the entry
  // about to be overwritten is the failure BUDGET failures ago. A sliding window, exactly.
  private final AtomicLongArray times = new AtomicLongArray(BUDGET);
  private final AtomicLong next = new AtomicLong();

  // When the open breaker closes again, or CLOSED. State and deadline in one word, so that one
  // volatile read answers isOpen() and no thread sees the one without the other.
  private final AtomicLong closesAt = new AtomicLong(CLOSED);

  // Failures before this time belong to an earlier budget.
  private volatile long budgetStart;
  private final AtomicLong nextLogAt;

  /**
   * Creates a closed circuit breaker.
   *
   * @param subject what is protected, as the log lines name it, such as {@code telemetry back end}
   * @return a circuit breaker of its own
   */
  public static CircuitBreaker create(String subject) {
    System.Logger logger = System.getLogger("io.github.proxytelemetry");
    return new CircuitBreaker(
        subject, System::nanoTime, line -> logger.log(System.Logger.Level.WARNING, line));
  }

  CircuitBreaker(String subject, LongSupplier nanoClock, Consumer<String> log) {
    this.subject = Objects.requireNonNull(subject, "subject");
    this.nanoClock = nanoClock;
    this.log = log;
    long now = nanoClock.getAsLong();
    budgetStart = now;
    nextLogAt = new AtomicLong(now);
    for (int i = 0; i < BUDGET; i++) {
      times.set(i, now - 1);
    }
  }

  /**
   * Whether calls are to be skipped. One volatile read while closed; while open it also reads the
   * clock, and closes the breaker once its time is over.
   *
   * @return {@code true} from the failure that exceeded the budget until 30 seconds later
   */
  public boolean isOpen() {
    long deadline = closesAt.get();
    return deadline != CLOSED && isOpenAt(nanoClock.getAsLong(), deadline);
  }

  /**
   * Counts a failure, and opens the breaker where the budget is exceeded. Failures while it is open
   * (of calls that had begun before) are counted, but do not keep it open.
   *
   * @param thrown the exception or error that was caught
   */
  public void failed(Throwable thrown) {
    failures.increment();
    try {
      count(thrown, nanoClock.getAsLong());
    } catch (Throwable ignored) {
      // Such as a second StackOverflowError. The failure is counted, more cannot be done.
    }
  }

  /**
   * The number of failures.
   *
   * @return the total since this breaker was created
   */
  public long failures() {
    return failures.sum();
  }

  /**
   * How often the breaker opened.
   *
   * @return the total since this breaker was created
   */
  public long trips() {
    return trips.get();
  }

  private boolean isOpenAt(long now, long deadline) {
    if (now - deadline < 0) {
      return true;
    }
    if (closesAt.compareAndSet(deadline, CLOSED)) {
      log(subject + ": enabled again after " + seconds(OPEN_NANOS) + " s");
    }
    return false;
  }

  private void count(Throwable thrown, long now) {
    long deadline = closesAt.get();
    if (deadline != CLOSED && isOpenAt(now, deadline)) {
      return;
    }
    int slot = (int) Long.remainderUnsigned(next.getAndIncrement(), BUDGET);
    long oldest = times.getAndSet(slot, now);
    if (oldest - budgetStart >= 0 && now - oldest < WINDOW_NANOS) {
      trip(thrown, now);
    } else {
      logFailure(thrown, now);
    }
  }

  private void trip(Throwable thrown, long now) {
    long deadline = now + OPEN_NANOS;
    if (deadline == CLOSED) {
      deadline++;
    }
    if (closesAt.compareAndSet(CLOSED, deadline)) {
      budgetStart = deadline;
      trips.incrementAndGet();
      log(
          subject
              + ": more than "
              + BUDGET
              + " failures in "
              + seconds(WINDOW_NANOS)
              + " s, last "
              + thrown.getClass().getName()
              + "; disabled for "
              + seconds(OPEN_NANOS)
              + " s");
    }
  }

  private void logFailure(Throwable thrown, long now) {
    long due = nextLogAt.get();
    if (now - due >= 0 && nextLogAt.compareAndSet(due, now + LOG_INTERVAL_NANOS)) {
      log(
          subject
              + ": caught "
              + thrown.getClass().getName()
              + "; traffic is not affected, further failures are logged once a minute");
    }
  }

  private void log(String line) {
    try {
      log.accept(line);
    } catch (Throwable ignored) {
      // A failing logger must not harm the host either, and there is no other place to report it.
    }
  }

  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }
}
