package io.github.proxytelemetry.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Live bytes on the heap of this process. */
final class Heap {
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  /** The second collection takes what the first one has only made ready, such as references. */
  private static final int COLLECTIONS = 2;

  static long live() {
    for (int i = 0; i < COLLECTIONS; i++) {
      MEMORY.gc();
    }
    return MEMORY.getHeapMemoryUsage().getUsed();
  }

  private Heap() {}
}
