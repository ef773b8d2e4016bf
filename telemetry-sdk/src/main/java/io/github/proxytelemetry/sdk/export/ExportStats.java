package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
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
  private final Attributes attributes;
  private final Map<Outcome.Kind, LongAdder> exports = counters(Outcome.Kind.class);
  private final Map<Drop, LongAdder> drops = counters(Drop.class);
  private final LongAdder delivered = new LongAdder();
  private volatile @Nullable Instant lastSuccess;
  private volatile boolean healthy = true;
  private volatile @Nullable String failure;

  ExportStats(String exporter, String signal, LongSupplier queued) {
    this.exporter = exporter;
    this.signal = signal;
    this.queued = queued;
    this.attributes =
        Attributes.of(
            AttributeKey.stringKey("exporter"), exporter, AttributeKey.stringKey("signal"), signal);
  }

  /** Counts an attempt to export that many items. */
  void attempted(Outcome outcome, long items) {
    count(exports, outcome.kind(), 1);
    healthy = outcome.isDelivered();
    failure = healthy ? null : outcome.cause();
    if (healthy) {
      lastSuccess = Instant.now();
      delivered.add(Math.max(0, items - outcome.rejected()));
    }
  }

  void dropped(Drop reason, long items) {
    count(drops, reason, items);
  }

  /** Receiver of a snapshot, in the order of the fields. */
  public interface Reader<T> {
    T read(
        String exporter,
        String signal,
        boolean healthy,
        @Nullable Instant lastSuccess,
        long delivered,
        long queued,
        Map<String, Long> exports,
        Map<String, Long> dropped,
        @Nullable String failure);
  }

  public <T> T read(Reader<T> reader) {
    return reader.read(
        exporter,
        signal,
        healthy,
        lastSuccess,
        delivered(),
        queued(),
        exports(),
        dropped(),
        failure);
  }

  Attributes attributes() {
    return attributes;
  }

  long delivered() {
    return delivered.sum();
  }

  long queued() {
    return queued.getAsLong();
  }

  Map<String, Long> exports() {
    return labelled(exports);
  }

  Map<String, Long> dropped() {
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
