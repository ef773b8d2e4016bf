package io.github.proxytelemetry.otel.metrics;

import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.concurrent.atomic.LongAdder;

/** Sums of one counter or up-down counter, read by an observable instrument. */
final class CounterCells {
  private static final double NANOS_PER_SECOND = 1e9;

  private final DynamicSeries series;

  CounterCells(DynamicSeries series) {
    this.series = series;
  }

  void add(long labels, long count) {
    series.cell(labels).added.add(count);
  }

  void remove(long labels, long count) {
    series.cell(labels).removed.add(count);
  }

  LongAdder sum(long labels) {
    return series.cell(labels).added;
  }

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
