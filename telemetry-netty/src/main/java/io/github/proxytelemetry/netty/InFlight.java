package io.github.proxytelemetry.netty;

import org.jspecify.annotations.Nullable;

/**
 * What is under way on one channel, oldest first: a ring of pairs, so that pipelining costs no
 * object per request.
 *
 * <p>It has no bound of its own: {@code HttpServerCodec} stops at 128 unanswered requests, and a
 * write that waits for the network is an object many times larger elsewhere.
 *
 * @param <T> the observation
 * @param <K> what it is found by, or known for
 */
final class InFlight<T, K> {
  private static final int INITIAL_CAPACITY = 4;

  // Pairs, a power of two of them: an item, then its key. A key stays until the next one comes.
  private @Nullable Object[] ring = new @Nullable Object[2 * INITIAL_CAPACITY];
  private int first;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(T item, K key) {
    if (2 * size == ring.length) {
      grow();
    }
    int at = index(size++);
    ring[at] = item;
    // A store costs more than the look: kinds are always the same few.
    if (ring[at + 1] != key) {
      ring[at + 1] = key;
    }
  }

  @SuppressWarnings("unchecked") // Only add() fills the ring.
  @Nullable T first() {
    return size == 0 ? null : (T) ring[first];
  }

  @SuppressWarnings("unchecked")
  @Nullable K firstKey() {
    return size == 0 ? null : (K) ring[first + 1];
  }

  @Nullable T removeFirst() {
    T item = first();
    if (item != null) {
      ring[first] = null;
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

  @SuppressWarnings("unchecked")
  private @Nullable T itemAt(int position) {
    return (T) ring[index(position)];
  }

  private int index(int position) {
    return (first + 2 * position) & (ring.length - 1);
  }

  private void grow() {
    @Nullable Object[] larger = new @Nullable Object[2 * ring.length];
    int untilEnd = ring.length - first;
    System.arraycopy(ring, first, larger, 0, untilEnd);
    System.arraycopy(ring, 0, larger, untilEnd, first);
    ring = larger;
    first = 0;
  }
}
