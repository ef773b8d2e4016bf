package io.github.proxytelemetry.otel;

import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The sums of one counter or up-down counter, read by an observable instrument. */
final class Cells implements Consumer<ObservableLongMeasurement> {
  private final Series series;
  private final Runnable beforeRead;
  private final LongAdder[] added;
  private final LongAdder[] removed;

  // The same by combination of labels, so that recording asks the series nothing.
  private final LongAdder[] addedTo;
  private final LongAdder[] removedFrom;

  /**
   * @param beforeRead brings in what is counted elsewhere
   */
  Cells(Series series, Runnable beforeRead) {
    this.series = series;
    this.beforeRead = beforeRead;
    this.added = adders(series.count());
    this.removed = adders(series.count());
    this.addedTo = series.spread(added);
    this.removedFrom = series.spread(removed);
  }

  void add(int index, long count) {
    addedTo[index].add(count);
  }

  void remove(int index, long count) {
    removedFrom[index].add(count);
  }

  @Override
  public void accept(ObservableLongMeasurement measurement) {
    beforeRead.run();
    for (int index = 0; index < added.length; index++) {
      // What was removed is read first: whatever is in it had been added before, so the difference
      // is never negative, which one adder for both could not promise.
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
