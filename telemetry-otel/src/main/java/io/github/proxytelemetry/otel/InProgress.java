package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Scope;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Unit of the host's work, such as an image being scaled, that is in progress until it is closed.
 * Thread-safe; only the first close counts.
 */
final class InProgress implements Scope {
  private final WorkGauge gauge;
  private final AtomicBoolean ended = new AtomicBoolean();

  InProgress(WorkGauge gauge) {
    this.gauge = gauge;
    gauge.started();
  }

  /** Ends it, whether it succeeded or not. */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      gauge.ended();
    }
  }
}
