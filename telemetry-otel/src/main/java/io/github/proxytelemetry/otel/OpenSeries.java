package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The series of an instrument whose labels are not known beforehand, as routes are. Finding one
 * takes no lock and allocates nothing; there are at most as many as its {@link Room} has.
 */
final class OpenSeries {
  private final LabelSet labelSet;
  private final Instrument instrument;
  private final MetricNaming naming;
  private final Attributes fixed;
  private final long mask;
  private final Room room;
  private final LongMap<Cell> cells = new LongMap<>();
  private final Cell overflow;

  // Guarded by this. A map, as upstreams of one name may have several keys and the same labels.
  private final Map<Attributes, Cell> added = new LinkedHashMap<>();

  /** One series. The sum is unused in a histogram, which has its own. */
  static final class Cell {
    final Attributes attributes;
    final LongAdder sum = new LongAdder();

    Cell(Attributes attributes) {
      this.attributes = attributes;
    }
  }

  /**
   * How many series a metric has room for, over all instruments of that name. The SDK keeps 2,000
   * by default; a few are left for what there is no room for, of each instrument and of the SDK.
   */
  static final class Room {
    static final int SERIES = 1990;

    private final LongAdder overflows;
    private int taken;
    private volatile boolean full;

    Room(LongAdder overflows) {
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

  OpenSeries(
      LabelSet labelSet, Instrument instrument, MetricNaming naming, Attributes fixed, Room room) {
    this.labelSet = labelSet;
    this.instrument = instrument;
    this.naming = naming;
    this.fixed = fixed;
    this.mask = LabelSet.mask(instrument, naming);
    this.room = room;
    this.overflow = new Cell(with(LabelSet.overflow(instrument, naming)));
  }

  Cell cell(long labels) {
    long key = labels & mask;
    Cell cell = cells.get(key);
    if (cell != null) {
      return cell;
    }
    return room.full ? overflow() : add(key);
  }

  /** Every series that was ever asked for, each once. */
  synchronized List<Cell> all() {
    List<Cell> all = new ArrayList<>(added.values());
    if (overflow.sum.sum() != 0) {
      all.add(overflow);
    }
    return all;
  }

  private synchronized Cell add(long key) {
    Cell cell = cells.get(key);
    if (cell != null) {
      return cell;
    }
    if (!room.take()) {
      return overflow();
    }
    Attributes attributes = with(labelSet.attributes(instrument, naming, key));
    cell = added.computeIfAbsent(attributes, Cell::new);
    cells.put(key, cell);
    return cell;
  }

  private Cell overflow() {
    room.overflows.increment();
    return overflow;
  }

  private Attributes with(Attributes labels) {
    return fixed.isEmpty() ? labels : labels.toBuilder().putAll(fixed).build();
  }
}
