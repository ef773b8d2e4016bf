package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An exporter that is built anew when the files behind its TLS change. A new exporter, and not just
 * a new key in the old one: connections and TLS sessions live as long as exports come, and would
 * keep the old certificate for ever.
 *
 * <p>The check is made by the thread that exports, at most every ten seconds.
 */
final class Reloading<E> {
  static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);
  static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final TlsSource source;
  private final Function<TlsMaterial, E> build;
  private final Operation<E> shutdown;
  private final LongSupplier nanoTime;
  private final Consumer<String> log;
  private final AtomicBoolean checking = new AtomicBoolean();
  private final Set<CompletableResultCode> inFlight = ConcurrentHashMap.newKeySet();

  private volatile long checkedNanos;
  private volatile E current;
  private volatile boolean closed;

  // Touched only by whoever holds "checking".
  private TlsSource.Contents contents;
  private @Nullable String loggedProblem;
  private long loggedNanos;

  static <E> Reloading<E> create(
      TlsSource source, Function<TlsMaterial, E> build, Operation<E> shutdown) {
    System.Logger logger = System.getLogger(TlsOptions.class.getName());
    return new Reloading<>(
        source,
        build,
        shutdown,
        System::nanoTime,
        message -> logger.log(System.Logger.Level.WARNING, message));
  }

  Reloading(
      TlsSource source,
      Function<TlsMaterial, E> build,
      Operation<E> shutdown,
      LongSupplier nanoTime,
      Consumer<String> log) {
    this.source = source;
    this.build = build;
    this.shutdown = shutdown;
    this.nanoTime = nanoTime;
    this.log = log;
    this.contents = source.read();
    this.current = build.apply(source.load(contents));
    this.checkedNanos = nanoTime.getAsLong();
    this.loggedNanos = checkedNanos - LOG_NANOS;
  }

  /** The exporter in use, for its settings; {@link #call} is for everything that sends. */
  E current() {
    return current;
  }

  CompletableResultCode call(Operation<E> operation) {
    check();
    CompletableResultCode result = operation.on(current);
    inFlight.add(result);
    return result.whenComplete(() -> inFlight.remove(result));
  }

  CompletableResultCode shutdown() {
    closed = true;
    return shutdown.on(current);
  }

  private void check() {
    long now = nanoTime.getAsLong();
    if (closed || now - checkedNanos < CHECK_NANOS || !checking.compareAndSet(false, true)) {
      return;
    }
    try {
      checkedNanos = now;
      reloadIfChanged();
      loggedProblem = null;
    } catch (RuntimeException e) {
      logOnce(String.valueOf(e.getMessage()), now);
    } finally {
      checking.set(false);
    }
  }

  private void reloadIfChanged() {
    TlsSource.Contents now = source.read();
    if (now.equals(contents)) {
      return;
    }
    E old = current;
    current = build.apply(source.load(now));
    contents = now;
    // A shutdown cancels what is being sent, so the old exporter may finish that first.
    CompletableResultCode.ofAll(List.copyOf(inFlight)).whenComplete(() -> shutdown.on(old));
    if (closed) {
      shutdown.on(current);
    }
  }

  private void logOnce(String problem, long now) {
    if (problem.equals(loggedProblem) || now - loggedNanos < LOG_NANOS) {
      return;
    }
    loggedProblem = problem;
    loggedNanos = now;
    log.accept("TLS files changed, but the previous ones stay in use: " + problem);
  }

  /** Something to do with an exporter, which may go on after the call. */
  interface Operation<E> {
    CompletableResultCode on(E exporter);
  }
}
