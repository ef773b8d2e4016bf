package io.github.proxytelemetry.netty;

/**
 * Numbers in the order in which they came. Netty holds a larger object for each, so it needs no
 * bound of its own.
 */
final class LongRing {
  private static final int INITIAL_CAPACITY = 8;

  // A power of two.
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

  /** The oldest number; there has to be one. */
  long first() {
    return ring[first];
  }

  /** Takes the oldest number out; there has to be one. */
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
