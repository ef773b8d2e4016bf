package io.github.proxytelemetry.otel;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private static List<String> of(String name, Runnable runnable) {
    LogLines handler = new LogLines();
    Logger logger = Logger.getLogger(name);
    logger.addHandler(handler);
    try {
      runnable.run();
    } finally {
      logger.removeHandler(handler);
    }
    return handler.lines;
  }

  private LogLines() {}

  @Override
  public void publish(LogRecord line) {
    String thrown = line.getThrown() == null ? "" : " " + line.getThrown();
    lines.add(new SimpleFormatter().formatMessage(line) + thrown);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
