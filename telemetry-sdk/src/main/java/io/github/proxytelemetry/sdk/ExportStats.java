package io.github.proxytelemetry.sdk;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What one exporter has done with one signal. Thread-safe. */
final class ExportStats {
  /** Why an item will never arrive. */
  enum Drop {
    /** There was no room to wait any longer. */
    QUEUE_FULL,
    /** The destination did not want it. */
    REJECTED,
    /** The exporter broke on it. */
    ERROR,
    /** It came after the end, or was still waiting then. */
    SHUT_DOWN
  }

  private final Map<Outcome.Kind, LongAdder> exports = new EnumMap<>(Outcome.Kind.class);
  private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);
  private final LongAdder delivered = new LongAdder();
  private volatile @Nullable Instant lastSuccess;
  private volatile boolean healthy = true;

  ExportStats() {
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      exports.put(kind, new LongAdder());
    }
    for (Drop drop : Drop.values()) {
      drops.put(drop, new LongAdder());
    }
  }

  /** Counts an attempt to export that many items. */
  void attempted(Outcome outcome, long items) {
    count(exports, outcome.kind(), 1);
    healthy = outcome.isDelivered();
    if (healthy) {
      lastSuccess = Instant.now();
      delivered.add(Math.max(0, items - outcome.rejected()));
    }
  }

  void dropped(Drop reason, long items) {
    count(drops, reason, items);
  }

  ExporterHealth health(String exporter, String signal, long queued) {
    return new ExporterHealth(
        exporter,
        signal,
        healthy,
        lastSuccess,
        delivered.sum(),
        queued,
        labelled(exports),
        labelled(drops));
  }

  private static <K extends Enum<K>> void count(Map<K, LongAdder> counters, K key, long items) {
    LongAdder counter = counters.get(key);
    if (counter != null) {
      counter.add(items);
    }
  }

  private static <K extends Enum<K>> Map<String, Long> labelled(Map<K, LongAdder> counters) {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach(
        (key, count) -> values.put(key.name().toLowerCase(java.util.Locale.ROOT), count.sum()));
    return values;
  }
}
