package io.github.proxytelemetry.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record of one observation. Thread-safe; may be read while events are still being recorded. */
public abstract sealed class RecordedObservation
    permits RecordedConnection, RecordedMessages, RecordedTunnel {
  final Ledger ledger;
  private final String id;
  private final List<String> events = new ArrayList<>();
  private @Nullable Terminal terminal;
  private @Nullable RecordedFailure failure;
  private int repeatedTerminals;
  private int lateCalls;

  /** Where the first call after the end came from. */
  private @Nullable Throwable firstLate;

  private long startedNanos = System.nanoTime();
  private long overNanos;

  RecordedObservation(Ledger ledger, String id) {
    this.ledger = ledger;
    this.id = id;
  }

  /**
   * Returns the record's kind and number, in the order of start.
   *
   * @return such as {@code exchange-1}
   */
  public final String id() {
    return id;
  }

  /**
   * Returns the events in order, up to the end. Byte counts are not included, as their number
   * depends on how the network splits the data.
   *
   * @return events such as {@code responseStarted 200}
   */
  public final List<String> events() {
    return ledger.read(() -> List.copyOf(events));
  }

  /**
   * Returns the terminal state.
   *
   * @return the state set by the first terminal call, or {@code null} while it is open
   */
  public final @Nullable Terminal terminal() {
    return ledger.<@Nullable Terminal>read(() -> terminal);
  }

  /**
   * Returns the error of the terminal call.
   *
   * @return the error, or {@code null} if it did not end by {@code fail}
   */
  public final @Nullable RecordedFailure failure() {
    return ledger.<@Nullable RecordedFailure>read(() -> failure);
  }

  /**
   * Whether the observation has not ended yet.
   *
   * @return {@code true} until its first terminal call
   */
  public final boolean isOpen() {
    return ledger.read(() -> terminal == null);
  }

  /**
   * Returns the number of terminal calls after the first. They are legal; those after an end by the
   * end of the connection do not count.
   *
   * @return a count
   */
  public final int repeatedTerminals() {
    return ledger.read(() -> repeatedTerminals);
  }

  /**
   * Returns the number of late calls: events other than terminal calls that were reported after the
   * end. They are legal and are ignored; those after an end by the end of the connection do not
   * count.
   *
   * @return a count
   */
  public final int lateCalls() {
    return ledger.read(() -> lateCalls);
  }

  /**
   * Returns the duration.
   *
   * @return the time from its start, or from {@code receivedNanos}, to its terminal call; {@link
   *     Duration#ZERO} while it is open
   */
  public final Duration duration() {
    return ledger.read(
        () -> terminal == null ? Duration.ZERO : Duration.ofNanos(overNanos - startedNanos));
  }

  /** Sets an earlier start time. Called before the record is opened. */
  final void startedAt(long nanos) {
    if (nanos - System.nanoTime() > 0) {
      ledger.fault(id + " has a start time in the future");
    }
    startedNanos = nanos;
  }

  /** Returns id, events and state, for the message of a failed test. */
  @Override
  public String toString() {
    return id + events() + (isOpen() ? " open" : " " + terminal());
  }

  /**
   * Whether the end of its connection ended it. Another thread may still be reporting its events,
   * so later calls are no mistake. Called with the lock held.
   */
  boolean racesWithItsEnd() {
    return false;
  }

  final void opened(String event) {
    ledger.write(
        () -> {
          ledger.opened(this);
          add(event);
        });
  }

  /** Records an event, or counts a late call. */
  final void event(String event, Runnable change) {
    ledger.write(
        () -> {
          if (terminal == null) {
            add(event);
            change.run();
          } else if (!racesWithItsEnd()) {
            lateCalls++;
            late(event);
          }
        });
  }

  /** Records a number of bytes, which is not listed as an event, or counts a late call. */
  final void bytes(String what, long count, Runnable change) {
    ledger.write(
        () -> {
          if (count < 0) {
            ledger.fault(id + " has a negative count of " + what + ": " + count);
          } else if (terminal == null) {
            change.run();
          } else if (!racesWithItsEnd()) {
            lateCalls++;
            late(what);
          }
        });
  }

  final void terminal(String event, Terminal how, @Nullable RecordedFailure why) {
    ledger.write(
        () -> {
          if (terminal == null) {
            add(event);
            over(how, why);
          } else if (!racesWithItsEnd()) {
            repeatedTerminals++;
            late(event);
          }
        });
  }

  /** Called with the lock held. */
  private void late(String call) {
    if (firstLate == null) {
      firstLate = new Throwable(id + " had ended before: " + call);
    }
  }

  /** Returns where the first call after the end came from. */
  final @Nullable Throwable firstLate() {
    return ledger.<@Nullable Throwable>read(() -> firstLate);
  }

  /** Called with the lock held, while the record is open. */
  void over(Terminal how, @Nullable RecordedFailure why) {
    terminal = how;
    failure = why;
    overNanos = System.nanoTime();
    ledger.closed(this);
  }

  /** Called with the lock held. */
  final void add(String event) {
    events.add(event);
    ledger.event(this, event);
  }

  /** Adds violations of the invariants of an ended observation. */
  abstract void check(List<String> violations);
}
