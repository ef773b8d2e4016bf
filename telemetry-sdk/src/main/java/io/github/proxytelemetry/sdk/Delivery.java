package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.sdk.export.FlushResult;

/**
 * Result of a flush or close. Items are spans and data points of metrics; each exporter counts its
 * own.
 *
 * @param status the status of all exporters together
 * @param lost items lost since the last flush, or not acknowledged at a time-out; 0 if all were
 *     delivered
 */
public record Delivery(Status status, long lost) {
  /** Status of a flush or close. */
  public enum Status {
    /** Every destination has acknowledged everything. */
    DELIVERED,
    /** It is over, and items were lost. */
    PARTIAL,
    /** The time was up before it was over. */
    TIMED_OUT
  }

  static Delivery of(FlushResult result) {
    if (result.timedOut()) {
      return new Delivery(Status.TIMED_OUT, result.lost());
    }
    return new Delivery(result.lost() == 0 ? Status.DELIVERED : Status.PARTIAL, result.lost());
  }
}
