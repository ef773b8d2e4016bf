package io.github.proxytelemetry.otel.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A hash map from {@code long} that only grows. A look-up takes no lock and allocates nothing; an
 * insertion copies the whole map, which is cheap where there are few of them in a process's life.
 */
final class LongMap<V> {
  private static final int INITIAL_SLOTS = 16;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private volatile Table table = new Table(INITIAL_SLOTS);
  private int size;

  /** Linear probing; a slot without a value is free. Never changed once it is published. */
  private static final class Table {
    final long[] keys;
    final @Nullable Object[] values;

    Table(int slots) {
      keys = new long[slots];
      values = new @Nullable Object[slots];
    }

    int slot(long key) {
      int mask = keys.length - 1;
      int slot = spread(key) & mask;
      while (values[slot] != null && keys[slot] != key) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }
  }

  /** Returns the value of a key, or {@code null}. */
  @SuppressWarnings("unchecked") // Only a V is ever put in.
  @Nullable V get(long key) {
    // As slot() and spread() do, but inline: this is on the way of every request.
    Table current = table;
    long mixed = key * SPREAD;
    int mask = current.keys.length - 1;
    int slot = ((int) (mixed >>> 32) ^ (int) (mixed >>> 48)) & mask;
    while (current.values[slot] != null && current.keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return (V) current.values[slot];
  }

  synchronized void put(long key, V value) {
    Table old = table;
    boolean added = old.values[old.slot(key)] == null;
    if (added) {
      size++;
    }
    // At most half full, so that look-ups stay short.
    Table grown = new Table(size * 2 > old.keys.length ? old.keys.length * 2 : old.keys.length);
    for (int i = 0; i < old.keys.length; i++) {
      if (old.values[i] != null) {
        set(grown, old.keys[i], old.values[i]);
      }
    }
    set(grown, key, value);
    table = grown;
  }

  private static void set(Table table, long key, @Nullable Object value) {
    int slot = table.slot(key);
    table.keys[slot] = key;
    table.values[slot] = value;
  }

  /** Keys are packed numbers whose low bits are often the same, so all bits have to count. */
  private static int spread(long key) {
    long mixed = key * SPREAD;
    return (int) (mixed >>> 32) ^ (int) (mixed >>> 48);
  }
}
