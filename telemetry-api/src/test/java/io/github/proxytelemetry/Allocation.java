package io.github.proxytelemetry;

import java.lang.management.ManagementFactory;

/** Measures the bytes that a thread allocates in code that has run before. */
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
