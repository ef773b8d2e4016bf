package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Series of one instrument, created when their labels are first seen. Finding one takes no lock and
 * allocates nothing; there are at most as many as its {@link Capacity} has.
 */
final class DynamicSeries {
  private final PackedLabels packing;
  private final Instrument instrument;

  /** Label keys by the instrument's dimensions, null where the naming drops one. */
  private final @Nullable String[] keys;

  private final Attributes fixed;
  private final long mask;
  private final Capacity capacity;
  private final LongMap<Cell> cells = new LongMap<>();
  private final Cell overflow;

  /** The only series of an instrument without labels. */
  private final @Nullable Cell only;

  // Guarded by this. By attributes, as several keys may have the same labels.
  private final Map<Attributes, Cell> added = new LinkedHashMap<>();

  /** One series. The adders are unused in a histogram, and {@code removed} in a counter. */
  static final class Cell {
    final Attributes attributes;
    final LongAdder added = new LongAdder();
    final LongAdder removed = new LongAdder();

    Cell(Attributes attributes) {
      this.attributes = attributes;
    }
  }

  /**
   * Number of series that a metric may have, over all instruments of that name. The SDK keeps 2,000
   * by default; a few are left for the overflow series of each instrument and of the SDK.
   */
  static final class Capacity {
    static final int SERIES = 1990;

    private final LongAdder overflows;
    private int taken;
    private volatile boolean full;

    Capacity(LongAdder overflows) {
      this.overflows = overflows;
    }

    private synchronized boolean take() {
      if (taken == SERIES) {
        full = true;
        return false;
      }
      taken++;
      return true;
    }
  }

  DynamicSeries(
      PackedLabels packing,
      Instrument instrument,
      @Nullable String[] keys,
      Attributes fixed,
      Capacity capacity) {
    this.packing = packing;
    this.instrument = instrument;
    this.keys = keys;
    this.fixed = fixed;
    this.mask = PackedLabels.mask(instrument, keys);
    this.capacity = capacity;
    this.overflow = new Cell(with(PackedLabels.overflow(instrument, keys)));
    this.only = mask == 0 && instrument.group().isDefault() ? add(0) : null;
  }

  /** The bits of the labels that tell its series apart. */
  long mask() {
    return mask;
  }

  Cell cell(long labels) {
    if (only != null) {
      return only;
    }
    long key = labels & mask;
    Cell cell = cells.get(key);
    if (cell != null) {
      return cell;
    }
    return capacity.full ? overflow() : add(key);
  }

  /** Creates the series of all usual values, as far as the naming keeps their dimensions. */
  void createUsual() {
    List<Long> packed = List.of(0L);
    for (int i = 0; i < keys.length; i++) {
      Dimension dimension = instrument.dimensions().get(i);
      if (keys[i] != null) {
        List<Long> next = new ArrayList<>();
        for (int value : usual(dimension)) {
          packed.forEach(labels -> next.add(labels | PackedLabels.pack(dimension, value)));
        }
        packed = next;
      }
    }
    packed.forEach(this::cell);
  }

  /** Most requests have no error, where an error is not what is counted. */
  private int[] usual(Dimension dimension) {
    return dimension == Dimension.ERROR && instrument != Instrument.ERRORS_TOTAL
        ? new int[] {0}
        : packing.usual(dimension);
  }

  /** Every series that was created, each once. */
  synchronized List<Cell> all() {
    List<Cell> all = new ArrayList<>(added.values());
    if (overflow.added.sum() != 0) {
      all.add(overflow);
    }
    return all;
  }

  private synchronized Cell add(long key) {
    Cell cell = cells.get(key);
    if (cell != null) {
      return cell;
    }
    if (!capacity.take()) {
      return overflow();
    }
    Attributes attributes = with(packing.attributes(instrument, keys, key));
    cell = added.computeIfAbsent(attributes, Cell::new);
    cells.put(key, cell);
    return cell;
  }

  private Cell overflow() {
    capacity.overflows.increment();
    return overflow;
  }

  private Attributes with(Attributes labels) {
    return fixed.isEmpty() ? labels : labels.toBuilder().putAll(fixed).build();
  }
}
