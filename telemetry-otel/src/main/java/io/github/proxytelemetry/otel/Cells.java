package io.github.proxytelemetry.otel;

import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The sums of one counter or up-down counter, read by an observable instrument. */
final class Cells implements Consumer<ObservableLongMeasurement> {
  private final Series series;
  private final LongAdder[] added;
  private final LongAdder[] removed;

  Cells(Series series) {
    this.series = series;
    this.added = adders(series.count());
    this.removed = adders(series.count());
  }

  void add(int index, long count) {
    added[series.place(index)].add(count);
  }

  void remove(int index) {
    removed[series.place(index)].increment();
  }

  @Override
  public void accept(ObservableLongMeasurement measurement) {
    for (int index = 0; index < added.length; index++) {
      // What was removed is read first: whatever is in it had been added before, so the difference
      // is
      // never negative, which one adder for both could not promise.
      long minus = removed[index].sum();
      long plus = added[index].sum();
      if (plus != 0 || series.isUsual(index)) {
        measurement.record(plus - minus, series.attributes(index));
      }
    }
  }

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }
}
