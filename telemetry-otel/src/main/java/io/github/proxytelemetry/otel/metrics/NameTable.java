package io.github.proxytelemetry.otel.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Table of names that the host gives, such as routes, and small numbers for them. There are at most
 * {@value #LIMIT}; later ones are {@code _OTHER}, so that a host that takes names from the network
 * costs no memory.
 */
final class NameTable {
  static final int LIMIT = 1000;
  static final int NONE = 0;
  static final int OTHER = 1;
  private static final int FIRST = 2;

  // A look-up takes no lock, and returns the number that was boxed when the name was added.
  private final ConcurrentHashMap<String, Integer> numbers = new ConcurrentHashMap<>();
  private final @Nullable String[] names = new @Nullable String[FIRST + LIMIT];

  private final LongAdder overflows;

  NameTable(LongAdder overflows) {
    this.overflows = overflows;
    names[OTHER] = LabelValues.OTHER;
  }

  int number(@Nullable String name) {
    if (name == null) {
      return NONE;
    }
    Integer number = numbers.get(name);
    if (number != null) {
      return number;
    }
    return numbers.size() >= LIMIT ? overflow() : add(name);
  }

  /** The name of a number, {@code null} for {@link #NONE}. */
  synchronized @Nullable String name(int number) {
    return names[number];
  }

  private int overflow() {
    overflows.increment();
    return OTHER;
  }

  private synchronized int add(String name) {
    Integer number = numbers.get(name);
    if (number != null) {
      return number;
    }
    if (numbers.size() >= LIMIT) {
      return overflow();
    }
    int next = FIRST + numbers.size();
    names[next] = name;
    numbers.put(name, next);
    return next;
  }
}
