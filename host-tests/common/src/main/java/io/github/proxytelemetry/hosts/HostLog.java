package io.github.proxytelemetry.hosts;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Warnings of this library, and exceptions with its code in the stack that a host logs. */
final class HostLog extends Handler implements AutoCloseable {
  private static final String OURS = "io.github.proxytelemetry.";
  private static final String TESTS = OURS + "hosts.";

  private final Logger root = Logger.getLogger("");
  private final List<String> records = new CopyOnWriteArrayList<>();

  HostLog() {
    root.addHandler(this);
  }

  List<String> records() {
    return records;
  }

  @Override
  public void publish(LogRecord record) {
    String name = String.valueOf(record.getLoggerName());
    boolean warned = name.startsWith(OURS) && record.getLevel().intValue() >= warning();
    if (warned || isThrownByUs(record.getThrown())) {
      records.add(name + ": " + record.getMessage() + " " + record.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    root.removeHandler(this);
  }

  private static int warning() {
    return Level.WARNING.intValue();
  }

  /** Our handlers only pass an exception on where they are not the first frame of the stack. */
  private static boolean isThrownByUs(@Nullable Throwable thrown) {
    if (thrown == null) {
      return false;
    }
    boolean ours =
        Stream.of(thrown.getStackTrace())
            .limit(3)
            .map(StackTraceElement::getClassName)
            .anyMatch(name -> name.startsWith(OURS) && !name.startsWith(TESTS));
    return ours || isThrownByUs(thrown.getCause());
  }
}
