package io.github.proxytelemetry.otel;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged while something runs, by this library through the platform's logger. */
public final class LogLines extends Handler {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  public static List<String> of(Runnable runnable) {
    return of("io.github.proxytelemetry", runnable);
  }

  /** What is logged by other libraries, too. */
  public static List<String> ofAll(Runnable runnable) {
    return of("", runnable);
  }

  /**
   * The first line with that text, which may be logged by another thread a little later.
   *
   * @throws AssertionError if there is none within a minute
   */
  public static String first(String text, Runnable runnable) {
    AtomicReference<String> first = new AtomicReference<>();
    of(
        "io.github.proxytelemetry",
        handler -> {
          runnable.run();
          first.set(handler.await(text));
        });
    return first.get();
  }

  private static List<String> of(String name, Runnable runnable) {
    return of(name, handler -> runnable.run());
  }

  private static List<String> of(String name, Consumer<LogLines> runnable) {
    LogLines handler = new LogLines();
    Logger logger = Logger.getLogger(name);
    logger.addHandler(handler);
    try {
      runnable.accept(handler);
    } finally {
      logger.removeHandler(handler);
    }
    return handler.lines;
  }

  private LogLines() {}

  private synchronized String await(String text) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      Optional<String> first = lines.stream().filter(line -> line.contains(text)).findFirst();
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (first.isPresent()) {
        return first.get();
      }
      if (left <= 0) {
        throw new AssertionError("no line with \"" + text + "\" in " + lines);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public synchronized void publish(LogRecord line) {
    String thrown = line.getThrown() == null ? "" : " " + line.getThrown();
    lines.add(new SimpleFormatter().formatMessage(line) + thrown);
    notifyAll();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
