package io.github.proxytelemetry.sdk.export;

/**
 * Result of a flush or close.
 *
 * @param timedOut whether the time was up before all exports were over
 * @param lost items lost since the last result, and after a time-out those not yet acknowledged
 */
public record FlushResult(boolean timedOut, long lost) {
  static final FlushResult NOTHING_LOST = new FlushResult(false, 0);

  FlushResult and(FlushResult other) {
    return new FlushResult(timedOut || other.timedOut, lost + other.lost);
  }
}
