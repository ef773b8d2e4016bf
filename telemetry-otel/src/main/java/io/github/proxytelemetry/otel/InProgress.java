package io.github.proxytelemetry.otel;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A unit of work of the host, such as an image being scaled, that counts as in progress until it is
 * closed. Thread-safe; only the first close counts.
 */
public final class InProgress implements AutoCloseable {
  private final WorkGauge gauge;
  private final AtomicBoolean ended = new AtomicBoolean();

  InProgress(WorkGauge gauge) {
    this.gauge = gauge;
    gauge.started();
  }

  /** It is done, one way or the other. */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      gauge.ended();
    }
  }
}
