package io.github.proxytelemetry.sdk;

/**
 * What became of the telemetry that was to be exported. A span counts as one, and so does a data
 * point of a metric; with two exporters each counts what it was to deliver.
 *
 * @param status how it went
 * @param lost how many were lost since this was last asked, or may be where it timed out; 0 where
 *     all were delivered
 */
public record Delivery(Status status, long lost) {
  /** How an export went. */
  public enum Status {
    /** Every destination has acknowledged everything. */
    DELIVERED,
    /** It is over, and something was lost. */
    PARTIAL,
    /** Time was up before it was over. */
    TIMED_OUT
  }

  /**
   * Nothing was lost.
   *
   * @return a delivery of everything
   */
  public static Delivery delivered() {
    return new Delivery(Status.DELIVERED, 0);
  }

  /**
   * It is over.
   *
   * @param lost how many were lost
   * @return a partial delivery, or a full one if none were
   */
  public static Delivery ofLost(long lost) {
    return lost == 0 ? delivered() : new Delivery(Status.PARTIAL, lost);
  }

  /**
   * Time was up.
   *
   * @param lost how many were lost or not yet acknowledged
   * @return what is known
   */
  public static Delivery timedOut(long lost) {
    return new Delivery(Status.TIMED_OUT, lost);
  }

  /** Two destinations together. */
  Delivery and(Delivery other) {
    Status worse = status.compareTo(other.status) >= 0 ? status : other.status;
    return new Delivery(worse, lost + other.lost);
  }
}
