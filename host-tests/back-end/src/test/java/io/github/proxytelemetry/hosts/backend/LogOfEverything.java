package io.github.proxytelemetry.hosts.backend;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** What this library logs at any level, with parameters and stack traces, until it is closed. */
final class LogOfEverything extends Handler implements AutoCloseable {
  private final Logger library = Logger.getLogger("io.github.proxytelemetry");
  private final @Nullable Level before = library.getLevel();
  private final Formatter formatter = new SimpleFormatter();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  LogOfEverything() {
    setLevel(Level.ALL);
    library.setLevel(Level.ALL);
    library.addHandler(this);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(formatter.format(line));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    library.removeHandler(this);
    library.setLevel(before);
  }
}
