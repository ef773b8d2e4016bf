package io.github.proxytelemetry.otel.metrics;

import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;

/** Sums of one counter or up-down counter, read by an observable instrument. */
record CounterCells(DynamicSeries series) {
  private static final double NANOS_PER_SECOND = 1e9;

  void observe(ObservableLongMeasurement measurement) {
    for (DynamicSeries.Cell cell : series.all()) {
      // Removed is read first: everything in it was added before, so the difference is never
      // negative. One adder for both could not promise that.
      long removed = cell.removed.sum();
      measurement.record(cell.added.sum() - removed, cell.attributes);
    }
  }

  /** Reads sums of nanoseconds. */
  void observeSeconds(ObservableDoubleMeasurement measurement) {
    for (DynamicSeries.Cell cell : series.all()) {
      measurement.record(cell.added.sum() / NANOS_PER_SECOND, cell.attributes);
    }
  }
}
