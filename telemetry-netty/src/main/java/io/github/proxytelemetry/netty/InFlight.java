package io.github.proxytelemetry.netty;

import org.jspecify.annotations.Nullable;

/**
 * What is under way on one channel, oldest first: a ring of pairs, so that pipelining costs no
 * object per request.
 *
 * <p>The ring is old and what it holds is young, and a reference of that kind makes the collector's
 * barrier wait for the memory. So each item is put in once: before its turn, if it is announced so
 * early, and it stays until the one after it is removed.
 *
 * <p>It has no bound of its own: {@code HttpServerCodec} stops at 128 unanswered requests, and a
 * write that waits for the network is an object many times larger elsewhere.
 *
 * @param <T> the observation
 * @param <K> what it is found by, or known for
 */
final class InFlight<T, K> {
  private static final int INITIAL_CAPACITY = 4;

  // Pairs, a power of two of them: an item, then its key. A key stays until the next one comes. Two
  // are never taken: that of the item removed last, and that of the next one.
  private @Nullable Object[] ring = new @Nullable Object[2 * INITIAL_CAPACITY];
  private int first;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(T item, K key) {
    announce(item);
    admit(key);
  }

  /** The item is the next to be admitted; {@code null} takes back what was announced. */
  void announce(@Nullable T item) {
    ring[index(size)] = item;
  }

  /** What was announced and not admitted yet. */
  @Nullable T announced() {
    return itemAt(size);
  }

  /** Takes in what was announced. */
  void admit(K key) {
    int at = index(size++) + 1;
    // A store costs more than the look: kinds are always the same few.
    if (ring[at] != key) {
      ring[at] = key;
    }
    if (2 * (size + 2) > ring.length) {
      grow();
    }
  }

  @Nullable T first() {
    return size == 0 ? null : itemAt(0);
  }

  /** What was added last, be it still here or the one that was removed last. */
  @Nullable T latest() {
    return itemAt(size - 1);
  }

  /** What was removed last. */
  @Nullable T removed() {
    return itemAt(-1);
  }

  @SuppressWarnings("unchecked") // Only admit() puts keys into the ring.
  @Nullable K firstKey() {
    return size == 0 ? null : (K) ring[first + 1];
  }

  @Nullable T removeFirst() {
    T item = first();
    if (item != null) {
      ring[index(-1)] = null;
      first = index(1);
      size--;
    }
    return item;
  }

  /**
   * Removes the item of a key. A key that is not there stands for the oldest item: a promise that
   * delegates tells its listeners of another one.
   */
  @Nullable T remove(K key) {
    int found = 0;
    for (int i = 1; i < size; i++) {
      if (ring[index(i) + 1] == key) {
        found = i;
        break;
      }
    }
    // Moves the older ones up by one, so that the gap is at the front.
    T removed = found == 0 ? null : itemAt(found);
    for (int i = found; i > 0; i--) {
      ring[index(i)] = ring[index(i - 1)];
      ring[index(i) + 1] = ring[index(i - 1) + 1];
    }
    T oldest = removeFirst();
    return removed == null ? oldest : removed;
  }

  @SuppressWarnings("unchecked") // Only announce() puts items into the ring.
  private @Nullable T itemAt(int position) {
    return (T) ring[index(position)];
  }

  private int index(int position) {
    return (first + 2 * position) & (ring.length - 1);
  }

  /** Begins with the one that was removed last. */
  private void grow() {
    @Nullable Object[] larger = new @Nullable Object[2 * ring.length];
    int start = index(-1);
    int untilEnd = ring.length - start;
    System.arraycopy(ring, start, larger, 0, untilEnd);
    System.arraycopy(ring, 0, larger, untilEnd, start);
    ring = larger;
    first = 2;
  }
}
