package io.github.proxytelemetry.otel.metrics;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.context.Context;

/**
 * Histogram of one instrument. Instruments of different layers may share a histogram, where the
 * naming gives them one name.
 *
 * @param unit the number of recorded units in one exported unit
 */
record HistogramSeries(DynamicSeries series, DoubleHistogram histogram, double unit) {
  /** A context is given in any case, so that the SDK does not look up the current one. */
  void record(long labels, long value, Context context) {
    histogram.record(Math.max(0, value) / unit, series.cell(labels).attributes, context);
  }
}
