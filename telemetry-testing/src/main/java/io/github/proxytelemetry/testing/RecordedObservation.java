package io.github.proxytelemetry.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one observation was told. Safe to read from any thread, also while it is still being told.
 */
public abstract sealed class RecordedObservation
    permits RecordedConnection, RecordedMessages, RecordedTunnel {
  final Ledger ledger;
  private final String id;
  private final List<String> events = new ArrayList<>();
  private @Nullable Terminal terminal;
  private @Nullable RecordedFailure failure;
  private int repeatedTerminals;
  private int lateCalls;
  private long startedNanos = System.nanoTime();
  private long overNanos;

  RecordedObservation(Ledger ledger, String id) {
    this.ledger = ledger;
    this.id = id;
  }

  /**
   * Its kind and its place among those of its kind, in the order in which they started.
   *
   * @return such as {@code exchange-1}
   */
  public final String id() {
    return id;
  }

  /**
   * What it was told, in order, until it was over. Byte counts are not among the events, because
   * the network cuts them as it likes.
   *
   * @return events such as {@code responseStarted 200}
   */
  public final List<String> events() {
    return ledger.read(() -> List.copyOf(events));
  }

  /**
   * How it ended.
   *
   * @return the first terminal call, or {@code null} while it is open
   */
  public final @Nullable Terminal terminal() {
    return ledger.<@Nullable Terminal>read(() -> terminal);
  }

  /**
   * What its terminal call named as the reason.
   *
   * @return the failure, or {@code null} where it did not end by {@code fail}
   */
  public final @Nullable RecordedFailure failure() {
    return ledger.<@Nullable RecordedFailure>read(() -> failure);
  }

  /**
   * Whether no terminal call has come yet.
   *
   * @return {@code true} while it is open
   */
  public final boolean isOpen() {
    return ledger.read(() -> terminal == null);
  }

  /**
   * How many terminal calls came after the first. They are legal.
   *
   * @return a count
   */
  public final int repeatedTerminals() {
    return ledger.read(() -> repeatedTerminals);
  }

  /**
   * How many other calls came after the end. They are legal and change nothing.
   *
   * @return a count
   */
  public final int lateCalls() {
    return ledger.read(() -> lateCalls);
  }

  /**
   * How long it lasted.
   *
   * @return the time from its start, which may lie before it was told, to its terminal call; {@link
   *     Duration#ZERO} while it is open
   */
  public final Duration duration() {
    return ledger.read(
        () -> terminal == null ? Duration.ZERO : Duration.ofNanos(overNanos - startedNanos));
  }

  /** Called before it is opened: it began at another time. */
  final void startedAt(long nanos) {
    if (nanos - System.nanoTime() > 0) {
      ledger.fault(id + " was told that it starts in the future");
    }
    startedNanos = nanos;
  }

  /** The facts that a failed test shows. */
  @Override
  public String toString() {
    return id + events() + (isOpen() ? " open" : " " + terminal());
  }

  final void opened(String event) {
    ledger.write(
        () -> {
          ledger.opened(this);
          add(event);
        });
  }

  /** A fact that is one of the events. */
  final void fact(String event, Runnable change) {
    ledger.write(
        () -> {
          if (terminal == null) {
            add(event);
            change.run();
          } else {
            lateCalls++;
          }
        });
  }

  /** A number of bytes, which is no event. */
  final void bytes(String what, long count, Runnable change) {
    ledger.write(
        () -> {
          if (count < 0) {
            ledger.fault(id + " was told a negative count of " + what + ": " + count);
          } else if (terminal == null) {
            change.run();
          } else {
            lateCalls++;
          }
        });
  }

  final void terminal(String event, Terminal how, @Nullable RecordedFailure why) {
    ledger.write(
        () -> {
          if (terminal == null) {
            add(event);
            over(how, why);
          } else {
            repeatedTerminals++;
          }
        });
  }

  /** Called with the lock held, while it is open. */
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

  /** What must hold once it is over; what does not is added. */
  abstract void check(List<String> violations);
}
