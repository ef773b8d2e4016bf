package io.github.proxytelemetry.otel.tracing;

import org.jspecify.annotations.Nullable;

/** Boxes of the numbers that spans have over and over: statuses and ports. */
final class Boxes {
  /** A power of two. */
  private static final int SLOTS = 256;

  /** Unsynchronized: boxes are immutable, and a lost update costs one more box. */
  private static final @Nullable Long[] RECENT = new @Nullable Long[SLOTS];

  private Boxes() {}

  static Long of(int number) {
    int slot = number & (SLOTS - 1);
    Long box = RECENT[slot];
    if (box == null || box != number) {
      box = (long) number;
      RECENT[slot] = box;
    }
    return box;
  }
}
