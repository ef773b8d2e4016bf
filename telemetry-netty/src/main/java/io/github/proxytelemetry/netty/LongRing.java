package io.github.proxytelemetry.netty;

/**
 * Growing ring buffer of numbers, one for each write that Netty still holds. Netty's own object for
 * a write is larger, so the ring needs no bound of its own.
 */
final class LongRing {
  // A message and its end, as most are written.
  private static final int INITIAL_CAPACITY = 2;

  // The length is a power of two.
  private long[] ring = new long[INITIAL_CAPACITY];
  private int first;
  private int size;

  int size() {
    return size;
  }

  void add(long number) {
    if (size == ring.length) {
      long[] larger = new long[2 * size];
      System.arraycopy(ring, first, larger, 0, size - first);
      System.arraycopy(ring, 0, larger, size - first, first);
      ring = larger;
      first = 0;
    }
    ring[(first + size++) & (ring.length - 1)] = number;
  }

  /** The oldest number; the ring must not be empty. */
  long first() {
    return ring[first];
  }

  /** Increases the oldest number; the ring must not be empty. */
  void addToFirst(long number) {
    ring[first] += number;
  }

  /** Removes the oldest number; the ring must not be empty. */
  long removeFirst() {
    long oldest = ring[first];
    first = (first + 1) & (ring.length - 1);
    size--;
    return oldest;
  }

  void clear() {
    size = 0;
  }
}
