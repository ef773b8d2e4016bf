package io.github.proxytelemetry.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.context.Context;

/** One histogram of durations. */
final class Distribution {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Attributes[] attributes;
  private final DoubleHistogram histogram;

  Distribution(Series series, DoubleHistogram histogram) {
    this.attributes = series.attributes();
    this.histogram = histogram;
  }

  void record(int index, long nanos) {
    // The root context is named, so that the SDK does not look up the current one.
    histogram.record(Math.max(0, nanos) / NANOS_PER_SECOND, attributes[index], Context.root());
  }
}
