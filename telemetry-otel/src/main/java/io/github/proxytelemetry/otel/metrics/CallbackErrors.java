package io.github.proxytelemetry.otel.metrics;

/** Errors thrown by the host's callbacks: counted, and logged once a minute. */
public final class CallbackErrors {
  public final EventCounts<Callback> counts = new EventCounts<>(Callback.class);
  private final LogThrottle throttle = new LogThrottle();

  /** Callback of the host. */
  public enum Callback {
    SAMPLING,
    PROPAGATE_TO,
    PROPAGATION,
    GAUGE
  }

  /** Counts an error. The log has its class only: a message may contain a user's data. */
  public void add(Callback callback, Throwable thrown) {
    counts.add(callback);
    if (throttle.permits()) {
      TelemetryNames.LOGGER.log(
          System.Logger.Level.WARNING,
          "A callback of the host threw {0}; it counts as \"no\", or as no value. Traffic is not"
              + " affected.",
          thrown.getClass().getName());
    }
  }
}
