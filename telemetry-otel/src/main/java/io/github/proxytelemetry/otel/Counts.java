package io.github.proxytelemetry.otel;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each of a few things happened. Counting takes no lock and allocates nothing. */
final class Counts<E extends Enum<E>> {
  private final EnumMap<E, LongAdder> adders;

  Counts(Class<E> things) {
    adders = new EnumMap<>(things);
    for (E thing : things.getEnumConstants()) {
      adders.put(thing, new LongAdder());
    }
  }

  void add(E thing) {
    adder(thing).increment();
  }

  LongAdder adder(E thing) {
    LongAdder adder = adders.get(thing);
    if (adder == null) {
      throw new IllegalArgumentException(thing + " is none of " + adders.keySet());
    }
    return adder;
  }

  long sum() {
    return adders.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** All of them in lower case, those that never happened as well. */
  Map<String, Long> toMap() {
    Map<String, Long> counts = new TreeMap<>();
    adders.forEach(
        (thing, adder) -> counts.put(thing.name().toLowerCase(Locale.ROOT), adder.sum()));
    return counts;
  }
}
