package io.github.proxytelemetry.otel.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Small numbers for values that the host names, such as routes. There are at most {@value #LIMIT};
 * later ones are {@code _OTHER}, so that a host that takes them from the network costs no memory.
 * Looking one up takes no lock and allocates nothing.
 */
final class InternTable<K> {
  static final int LIMIT = 1000;
  static final int NONE = 0;
  static final int OTHER = 1;
  private static final int FIRST = 2;

  // Numbers are boxed when a value is added.
  private final ConcurrentHashMap<K, Integer> numbers = new ConcurrentHashMap<>();
  private final @Nullable Object[] values = new @Nullable Object[FIRST + LIMIT];
  private final LongAdder overflows;

  InternTable(LongAdder overflows) {
    this.overflows = overflows;
  }

  int number(@Nullable K value) {
    if (value == null) {
      return NONE;
    }
    Integer number = numbers.get(value);
    if (number != null) {
      return number;
    }
    return numbers.size() >= LIMIT ? overflow() : add(value);
  }

  /** {@link #OTHER}, for a value that is not taken; counted. */
  int overflow() {
    overflows.increment();
    return OTHER;
  }

  /** The value of a number, {@code null} for {@link #NONE} and {@link #OTHER}. */
  @SuppressWarnings("unchecked") // Only a K is ever put in.
  synchronized @Nullable K value(int number) {
    return (K) values[number];
  }

  private synchronized int add(K value) {
    Integer number = numbers.get(value);
    if (number != null) {
      return number;
    }
    if (numbers.size() >= LIMIT) {
      return overflow();
    }
    int next = FIRST + numbers.size();
    values[next] = value;
    numbers.put(value, next);
    return next;
  }
}
