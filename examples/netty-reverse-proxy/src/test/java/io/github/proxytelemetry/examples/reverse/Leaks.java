package io.github.proxytelemetry.examples.reverse;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Listens to what Netty's leak detector logs. It logs a leak when a buffer is allocated after the
 * garbage collector has found another one that nobody released.
 */
final class Leaks extends Handler implements AutoCloseable {
  private static final String OURS = "leaked by the test";
  private static final long LIMIT_NANOS = 60_000_000_000L;
  private static final int ENOUGH = 1_000;

  // Kept here, since the log manager does not keep it.
  private final Logger logger = Logger.getLogger(ResourceLeakDetector.class.getName());
  private final Queue<String> reports = new ConcurrentLinkedQueue<>();

  Leaks() {
    logger.addHandler(this);
    // The expected leak would only clutter the log; the others fail the test.
    logger.setUseParentHandlers(false);
  }

  /**
   * Leaks a buffer, and collects garbage until that is reported: by then all leaks before it are.
   *
   * @return the other reports
   * @throws AssertionError if the detector does not report anything
   */
  List<String> awaitReports() {
    leak();
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (reports.stream().noneMatch(report -> report.contains(OURS))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Netty's leak detector is silent");
      }
      collect();
    }
    // Once more, since the order in which references are queued is anybody's guess.
    collect();
    return reports.stream().filter(report -> !report.contains(OURS)).toList();
  }

  @Override
  public void publish(LogRecord report) {
    reports.add(report.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.setUseParentHandlers(true);
    logger.removeHandler(this);
  }

  private static void leak() {
    ByteBufAllocator.DEFAULT.buffer(1).touch(OURS);
  }

  private static void collect() {
    System.gc();
    for (int i = 0; i < ENOUGH; i++) {
      ByteBufAllocator.DEFAULT.buffer(1).release();
    }
  }
}
