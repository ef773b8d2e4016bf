package io.github.proxytelemetry.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what code of the host throws that is called from here, and tells of it now and then. */
final class HostErrors {
  static final String COUNTER = "proxy_telemetry_callback_errors_total";
  static final Attributes SAMPLING = callback("sampling");
  static final Attributes PROPAGATE_TO = callback("propagate_to");

  private static final System.Logger LOGGER =
      System.getLogger(OtelProxyTelemetry.class.getPackageName());
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongCounter counter;
  private final AtomicLong quietUntilNanos = new AtomicLong(System.nanoTime());

  HostErrors(Meter meter) {
    this.counter =
        meter
            .counterBuilder(COUNTER)
            .setUnit("{error}")
            .setDescription("What code of the host threw")
            .build();
  }

  /** The log names the class only: a message may carry a user's data. */
  void threw(Attributes callback, Throwable thrown) {
    counter.add(1, callback);
    long quietUntil = quietUntilNanos.get();
    long now = System.nanoTime();
    if (now - quietUntil >= 0 && quietUntilNanos.compareAndSet(quietUntil, now + QUIET_NANOS)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "A callback of the host threw {0}: its answer is taken as no. Traffic is not affected.",
          thrown.getClass().getName());
    }
  }

  private static Attributes callback(String name) {
    return Attributes.of(AttributeKey.stringKey("callback"), name);
  }
}
