package io.github.proxytelemetry.sdk.tls;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * TLS set-up that follows its PEM files. They are read again when the set-up is asked for, at most
 * every ten seconds. Unusable content is logged, and the previous set-up stays in use. Thread-safe.
 */
public final class ReloadingTls {
  public static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);
  public static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final TlsSource source;
  private final LongSupplier nanoTime;
  private final Consumer<String> log;
  private TlsSource.Contents contents;
  private TlsMaterial current;
  private long checkedNanos;
  private @Nullable String loggedProblem;
  private long loggedNanos;

  /**
   * Reads the PEM for the first time.
   *
   * @throws IllegalArgumentException if it cannot be used; the message does not quote it
   */
  public static ReloadingTls load(TlsSource source) {
    System.Logger logger = System.getLogger(ReloadingTls.class.getPackageName());
    return new ReloadingTls(
        source, System::nanoTime, message -> logger.log(System.Logger.Level.WARNING, message));
  }

  /** With a clock and a log, for tests. */
  public ReloadingTls(TlsSource source, LongSupplier nanoTime, Consumer<String> log) {
    this.source = source;
    this.nanoTime = nanoTime;
    this.log = log;
    this.contents = source.read();
    this.current = source.load(contents);
    this.checkedNanos = nanoTime.getAsLong();
    this.loggedNanos = checkedNanos - LOG_NANOS;
  }

  /** Returns the set-up for the next connection; another object once the files have changed. */
  public synchronized TlsMaterial current() {
    long now = nanoTime.getAsLong();
    if (source.hasFiles() && now - checkedNanos >= CHECK_NANOS) {
      checkedNanos = now;
      try {
        // Compared by content: a file's time stamp may be too coarse.
        TlsSource.Contents read = source.read();
        if (!read.equals(contents)) {
          current = source.load(read);
          contents = read;
        }
        loggedProblem = null;
      } catch (RuntimeException e) {
        logOnce(String.valueOf(e.getMessage()), now);
      }
    }
    return current;
  }

  private void logOnce(String problem, long now) {
    if (problem.equals(loggedProblem) || now - loggedNanos < LOG_NANOS) {
      return;
    }
    loggedProblem = problem;
    loggedNanos = now;
    log.accept("TLS files changed, but the previous ones stay in use: " + problem);
  }
}
