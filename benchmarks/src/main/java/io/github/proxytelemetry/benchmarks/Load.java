package io.github.proxytelemetry.benchmarks;

import java.time.Duration;
import java.util.Arrays;

/**
 * Result of a load generator.
 *
 * @param requests how many were answered
 * @param seconds how long it took
 * @param p50 median latency in microseconds
 * @param p99 its 99th percentile
 */
record Load(long requests, double seconds, long p50, long p99) {
  /** Result of requests with these latencies. */
  static Load of(long[] micros, Duration duration) {
    Instrumentation.require(micros.length > 0, "no request was answered");
    long[] sorted = micros.clone();
    Arrays.sort(sorted);
    return new Load(
        sorted.length,
        duration.toNanos() / 1e9,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 99L / 100)]);
  }
}
