package io.github.proxytelemetry.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.context.Context;

/**
 * Recorder of the sizes of the host's buffers, in bytes: a histogram of those in use, and the sizes
 * that its pool was calibrated to. Thread-safe; recording takes no lock and allocates nothing.
 */
public final class BufferSizes {
  private static final long UNKNOWN = -1;

  private final LongHistogram sizes;
  private volatile long defaultSize = UNKNOWN;
  private volatile long maxSize = UNKNOWN;

  BufferSizes(LongHistogram sizes) {
    this.sizes = sizes;
  }

  /**
   * Records the size of a buffer in use.
   *
   * @param bytes its size; a negative one is ignored
   */
  public void record(long bytes) {
    if (bytes >= 0) {
      sizes.record(bytes, Attributes.empty(), Context.root());
    }
  }

  /**
   * Sets the size of new buffers.
   *
   * @param bytes the size; a negative one is ignored
   */
  public void defaultSize(long bytes) {
    if (bytes >= 0) {
      defaultSize = bytes;
    }
  }

  /**
   * Sets the size above which buffers are not pooled.
   *
   * @param bytes the size; a negative one is ignored
   */
  public void maxSize(long bytes) {
    if (bytes >= 0) {
      maxSize = bytes;
    }
  }

  void observeDefaultSize(ObservableLongMeasurement measurement) {
    observe(measurement, defaultSize);
  }

  void observeMaxSize(ObservableLongMeasurement measurement) {
    observe(measurement, maxSize);
  }

  private static void observe(ObservableLongMeasurement measurement, long bytes) {
    if (bytes != UNKNOWN) {
      measurement.record(bytes);
    }
  }
}
