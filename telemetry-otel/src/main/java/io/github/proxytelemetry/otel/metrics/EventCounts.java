package io.github.proxytelemetry.otel.metrics;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts of the values of an enum. Counting takes no lock and allocates nothing. */
public final class EventCounts<E extends Enum<E>> {
  private final EnumMap<E, LongAdder> adders;

  public EventCounts(Class<E> type) {
    adders = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      adders.put(value, new LongAdder());
    }
  }

  public void add(E value) {
    adder(value).increment();
  }

  public LongAdder adder(E value) {
    LongAdder adder = adders.get(value);
    if (adder == null) {
      throw new IllegalArgumentException(value + " is none of " + adders.keySet());
    }
    return adder;
  }

  public long sum() {
    return adders.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** All values in lower case with their counts, also those that are 0. */
  public Map<String, Long> toMap() {
    Map<String, Long> counts = new TreeMap<>();
    adders.forEach(
        (value, adder) -> counts.put(value.name().toLowerCase(Locale.ROOT), adder.sum()));
    return counts;
  }
}
