package io.github.proxytelemetry;

import java.lang.management.ManagementFactory;

/** Counts the bytes that code allocates once it has been warmed up. */
final class Allocation {
  static long bytesOf(Runnable code) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    code.run();
    threads.getThreadAllocatedBytes(thread);
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < 1000; i++) {
      code.run();
    }
    return threads.getThreadAllocatedBytes(thread) - before;
  }

  private Allocation() {}
}
