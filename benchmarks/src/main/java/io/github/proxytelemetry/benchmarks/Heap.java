package io.github.proxytelemetry.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** Live bytes on the heap of this process. */
final class Heap {
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  /** The second collection takes what the first one has only made ready, such as references. */
  private static final int COLLECTIONS = 2;

  /** Line of a class histogram: rank, instances, bytes, class. */
  private static final Pattern OURS =
      Pattern.compile(
          "(?m)^ *\\d+: +\\d+ +(\\d+) +\\S*io\\.github\\.proxytelemetry\\.(?!benchmarks)");

  static long live() {
    for (int i = 0; i < COLLECTIONS; i++) {
      MEMORY.gc();
    }
    return MEMORY.getHeapMemoryUsage().getUsed();
  }

  /** Of them, those in objects of classes of this library, which are exact. */
  static long ours() {
    try {
      String histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      long bytes = 0;
      for (Matcher line = OURS.matcher(histogram); line.find(); ) {
        bytes += Long.parseLong(line.group(1));
      }
      return bytes;
    } catch (JMException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  private Heap() {}
}
