package io.github.proxytelemetry.sdk;

/** Expected results of flushes. */
final class Deliveries {
  private Deliveries() {}

  static Delivery delivered() {
    return new Delivery(Delivery.Status.DELIVERED, 0);
  }

  static Delivery lost(long items) {
    return new Delivery(Delivery.Status.PARTIAL, items);
  }

  static Delivery timedOut(long items) {
    return new Delivery(Delivery.Status.TIMED_OUT, items);
  }
}
