package io.github.proxytelemetry.benchmarks;

import java.time.Duration;
import java.util.Arrays;

/**
 * Result of a load generator.
 *
 * @param requests how many were answered
 * @param seconds how long it took
 * @param latency in microseconds
 */
record Load(long requests, double seconds, Latency latency) {
  /** Percentiles in microseconds. */
  record Latency(long p50, long p90, long p99, long p999, long longest) {}

  /** Result of requests with these latencies. */
  static Load of(long[] micros, Duration duration) {
    Instrumentation.require(micros.length > 0, "no request was answered");
    long[] sorted = micros.clone();
    Arrays.sort(sorted);
    Latency latency =
        new Latency(
            at(sorted, 0.5),
            at(sorted, 0.9),
            at(sorted, 0.99),
            at(sorted, 0.999),
            sorted[sorted.length - 1]);
    return new Load(sorted.length, duration.toNanos() / 1e9, latency);
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) (sorted.length * share)];
  }
}
