package io.github.proxytelemetry.testbed;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The warnings that anybody logs by java.util.logging, from its creation to its end. */
public final class Warnings extends Handler implements AutoCloseable {
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();

  /** Begins to listen. */
  public Warnings() {
    setLevel(Level.WARNING);
    Logger.getLogger("").addHandler(this);
  }

  /** What was logged so far. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void publish(LogRecord log) {
    if (isLoggable(log)) {
      messages.add(log.getLoggerName() + ": " + log.getMessage());
    }
  }

  @Override
  public void flush() {
    // Nothing is buffered.
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(this);
  }
}
