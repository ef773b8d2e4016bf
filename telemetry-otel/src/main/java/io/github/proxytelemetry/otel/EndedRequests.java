package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The requests that ended, one number for each place they had while in progress and each outcome.
 * Three instruments are fed from it, when one of them is read: so the end of a request counts once.
 */
final class EndedRequests {
  private static final int OUTCOMES = Labels.NONE + 1;

  private final Metrics metrics;
  private final AtomicReferenceArray<@Nullable Ending> endings =
      new AtomicReferenceArray<>(Labels.PLACES * OUTCOMES);

  // What there is of them, which is little. Guarded by this, as is what was passed on.
  private final List<Ending> known = new ArrayList<>();

  private static final class Ending {
    final int place;
    final int outcome;
    final LongAdder count = new LongAdder();
    long passedOn;

    Ending(int place, int outcome) {
      this.place = place;
      this.outcome = outcome;
    }
  }

  EndedRequests(Metrics metrics) {
    this.metrics = metrics;
  }

  void add(int place, int outcome) {
    Ending ending = endings.get(index(place, outcome));
    if (ending == null) {
      ending = create(place, outcome);
    }
    ending.count.increment();
  }

  /** Gives the instruments what they have not had yet. */
  synchronized void passOn() {
    for (Ending ending : known) {
      long sum = ending.count.sum();
      long count = sum - ending.passedOn;
      if (count != 0) {
        ending.passedOn = sum;
        metrics.remove(REQUESTS_IN_PROGRESS, ending.place, count);
        metrics.add(REQUESTS_TOTAL, Labels.methodInProgress(ending.place), count);
        metrics.add(REQUESTS_BY_STATUS, ending.outcome, count);
      }
    }
  }

  private synchronized Ending create(int place, int outcome) {
    int index = index(place, outcome);
    Ending ending = endings.get(index);
    if (ending == null) {
      ending = new Ending(place, outcome);
      known.add(ending);
      endings.set(index, ending);
    }
    return ending;
  }

  private static int index(int place, int outcome) {
    return place * OUTCOMES + outcome;
  }
}
