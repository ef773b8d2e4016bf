package io.github.proxytelemetry.otel;

import java.util.concurrent.atomic.LongAdder;

/** Units of one kind of work in progress. */
final class WorkGauge {
  private final LongAdder started = new LongAdder();
  private final LongAdder ended = new LongAdder();

  void started() {
    started.increment();
  }

  void ended() {
    ended.increment();
  }

  /** Ended is read first: all of it was started before, so the difference is never negative. */
  long value() {
    long minus = ended.sum();
    return started.sum() - minus;
  }
}
