package io.github.proxytelemetry.otel;

/** Counts what code of the host throws that is called from here, and tells of it now and then. */
final class HostErrors {
  private static final System.Logger LOGGER =
      System.getLogger(OtelProxyTelemetry.class.getPackageName());

  final Counts<Callback> counts = new Counts<>(Callback.class);
  private final Seldom seldom = new Seldom();

  /** What the host gives to be called. */
  enum Callback {
    SAMPLING,
    PROPAGATE_TO,
    GAUGE
  }

  /** The log names the class only: a message may carry a user's data. */
  void threw(Callback callback, Throwable thrown) {
    counts.add(callback);
    if (seldom.now()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "A callback of the host threw {0}: it is taken for no, or for no value. Traffic is not"
              + " affected.",
          thrown.getClass().getName());
    }
  }
}
