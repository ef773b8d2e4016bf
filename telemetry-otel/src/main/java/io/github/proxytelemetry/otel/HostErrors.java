package io.github.proxytelemetry.otel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what code of the host throws that is called from here, and tells of it now and then. */
final class HostErrors {
  private static final System.Logger LOGGER =
      System.getLogger(OtelProxyTelemetry.class.getPackageName());
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  final Counts<Callback> counts = new Counts<>(Callback.class);
  private final AtomicLong quietUntilNanos = new AtomicLong(System.nanoTime());

  /** What the host gives to be called. */
  enum Callback {
    SAMPLING,
    PROPAGATE_TO,
    GAUGE
  }

  /** The log names the class only: a message may carry a user's data. */
  void threw(Callback callback, Throwable thrown) {
    counts.add(callback);
    long quietUntil = quietUntilNanos.get();
    long now = System.nanoTime();
    if (now - quietUntil >= 0 && quietUntilNanos.compareAndSet(quietUntil, now + QUIET_NANOS)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "A callback of the host threw {0}: it is taken for no, or for no value. Traffic is not"
              + " affected.",
          thrown.getClass().getName());
    }
  }
}
