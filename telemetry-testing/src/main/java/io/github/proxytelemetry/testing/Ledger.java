package io.github.proxytelemetry.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Shared state of the records of one recorder: the lock, all events in order, open records. */
final class Ledger {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> events = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Set<RecordedObservation> open = new LinkedHashSet<>();
  private final List<RecordedObservation> all = new ArrayList<>();
  private final Map<String, Integer> started = new HashMap<>();

  <T> T read(Supplier<T> reading) {
    lock.lock();
    try {
      return reading.get();
    } finally {
      lock.unlock();
    }
  }

  void write(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a condition holds, which is checked after each change. */
  boolean await(BooleanSupplier condition, Duration timeout) {
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", interrupted);
    } finally {
      lock.unlock();
    }
  }

  <R extends RecordedObservation> List<R> all(Class<R> type, String prefix) {
    return read(
        () ->
            all.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(r -> r.id().startsWith(prefix))
                .toList());
  }

  List<RecordedObservation> all() {
    return read(() -> List.copyOf(all));
  }

  List<RecordedObservation> open() {
    return read(() -> List.copyOf(open));
  }

  List<String> events() {
    return read(() -> List.copyOf(events));
  }

  List<String> faults() {
    return read(() -> List.copyOf(faults));
  }

  void fault(String fault) {
    write(() -> faults.add(fault));
  }

  // The following methods are called with the lock held.

  void event(RecordedObservation of, String event) {
    events.add(of.id() + " " + event);
  }

  void opened(RecordedObservation observation) {
    all.add(observation);
    open.add(observation);
  }

  void closed(RecordedObservation observation) {
    open.remove(observation);
  }

  String nextId(String prefix) {
    return prefix + next(prefix);
  }

  String nextTraceId() {
    return String.format(Locale.ROOT, "7e1e%028x", next("trace"));
  }

  String nextSpanId() {
    return String.format(Locale.ROOT, "7e1e%012x", next("span"));
  }

  private int next(String of) {
    return started.merge(of, 1, Integer::sum);
  }
}
