package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;

/** Sums in memory, and mistakes that a back end can make with them. */
final class Tally {
  /** Mistake of a faulty back end. */
  enum Mistake {
    COUNTS_REQUESTS_TWICE,
    LEAKS_REQUESTS_IN_PROGRESS,
    LEAKS_TUNNELS,
    IGNORES_DISCARD,
    IGNORES_THE_END_OF_CONNECTIONS,
    COUNTS_EVERY_END,
    LABELS_BY_ANY_METHOD,
    LABELS_BY_ANY_STATUS,
    LETS_THE_LAST_NOTE_WIN,
    COUNTS_NEGATIVE_BYTES,
    THROWS_ON_NULL
  }

  private final Map<Instrument, Map<Map<Dimension, String>, DoubleAdder>> sums =
      new ConcurrentHashMap<>();
  private final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);

  Tally(Mistake... mistakes) {
    this.mistakes.addAll(Set.of(mistakes));
  }

  boolean makes(Mistake mistake) {
    return mistakes.contains(mistake);
  }

  void add(double value, Instrument to, Map<Dimension, String> labels) {
    sums.computeIfAbsent(to, instrument -> new ConcurrentHashMap<>())
        .computeIfAbsent(labels, series -> new DoubleAdder())
        .add(value);
  }

  void add(double value, Instrument to) {
    add(value, to, Map.of());
  }

  void bytes(long count, Instrument to, Map<Dimension, String> labels) {
    if (count > 0 || makes(Mistake.COUNTS_NEGATIVE_BYTES)) {
      add((double) count, to, labels);
    }
  }

  double value(Instrument of, Map<Dimension, String> labels) {
    return sums.getOrDefault(of, Map.of()).entrySet().stream()
        .filter(series -> series.getKey().entrySet().containsAll(labels.entrySet()))
        .mapToDouble(series -> series.getValue().sum())
        .sum();
  }
}
