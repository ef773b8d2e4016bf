package io.github.proxytelemetry.otel;

import java.util.concurrent.atomic.LongAdder;

/** How much work of one sort is in progress. */
final class WorkGauge {
  private final LongAdder started = new LongAdder();
  private final LongAdder ended = new LongAdder();

  void started() {
    started.increment();
  }

  void ended() {
    ended.increment();
  }

  /** What ended is read first: all of it had been started before, so this is never negative. */
  long value() {
    long minus = ended.sum();
    return started.sum() - minus;
  }
}
