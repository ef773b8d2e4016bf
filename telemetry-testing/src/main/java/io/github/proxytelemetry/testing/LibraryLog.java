package io.github.proxytelemetry.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this library logs at INFO or above, from the log's creation to its end. */
final class LibraryLog extends Handler implements AutoCloseable {
  private static final Logger LIBRARY = Logger.getLogger("io.github.proxytelemetry");

  private final List<String> records = new CopyOnWriteArrayList<>();

  LibraryLog() {
    LIBRARY.addHandler(this);
  }

  List<String> records() {
    return records;
  }

  @Override
  public void publish(LogRecord line) {
    records.add(line.getLoggerName() + ": " + line.getMessage() + " " + line.getThrown());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    LIBRARY.removeHandler(this);
  }
}
