package io.github.proxytelemetry.sdk.export;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts and state of one exporter for one signal, since the start. Thread-safe. */
public final class ExportStats {
  /** Reason for which an item is dropped. */
  enum Drop {
    /** The queue had no more room. */
    QUEUE_FULL,
    /** Refused by the destination. */
    REJECTED,
    /** A fault of the exporter. */
    ERROR,
    /** Ended after the close, or still queued then. */
    SHUT_DOWN
  }

  private final String exporter;
  private final String signal;
  private final LongSupplier queued;
  private final Map<Outcome.Kind, LongAdder> exports = counters(Outcome.Kind.class);
  private final Map<Drop, LongAdder> drops = counters(Drop.class);
  private final LongAdder delivered = new LongAdder();
  private volatile @Nullable Instant lastSuccess;
  private volatile boolean healthy = true;

  ExportStats(String exporter, String signal, LongSupplier queued) {
    this.exporter = exporter;
    this.signal = signal;
    this.queued = queued;
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

  /** Name of the exporter. */
  public String exporter() {
    return exporter;
  }

  /** {@code traces} or {@code metrics}. */
  public String signal() {
    return signal;
  }

  /** Whether the last export was delivered, or none was tried yet. */
  public boolean healthy() {
    return healthy;
  }

  /** Time of the last delivery. */
  public @Nullable Instant lastSuccess() {
    return lastSuccess;
  }

  /** Items delivered. */
  public long delivered() {
    return delivered.sum();
  }

  /** Items that wait or are under way. */
  public long queued() {
    return queued.getAsLong();
  }

  /** Exports by outcome. */
  public Map<String, Long> exports() {
    return labelled(exports);
  }

  /** Dropped items by reason. */
  public Map<String, Long> dropped() {
    return labelled(drops);
  }

  private static <K extends Enum<K>> Map<K, LongAdder> counters(Class<K> keys) {
    Map<K, LongAdder> counters = new EnumMap<>(keys);
    for (K key : keys.getEnumConstants()) {
      counters.put(key, new LongAdder());
    }
    return counters;
  }

  private static <K extends Enum<K>> void count(Map<K, LongAdder> counters, K key, long items) {
    Objects.requireNonNull(counters.get(key)).add(items);
  }

  private static <K extends Enum<K>> Map<String, Long> labelled(Map<K, LongAdder> counters) {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((key, count) -> values.put(key.name().toLowerCase(Locale.ROOT), count.sum()));
    return values;
  }
}
