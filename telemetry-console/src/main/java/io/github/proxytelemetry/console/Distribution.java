package io.github.proxytelemetry.console;

import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Distribution of durations in seconds, as a histogram has it: counts by the upper bounds of
 * buckets. Points of several series are added up. Immutable.
 */
final class Distribution {
  private final NavigableMap<Double, Long> counts;

  private final long total;

  static Distribution of(Collection<PointData> points) {
    NavigableMap<Double, Long> counts = new TreeMap<>();
    for (PointData point : points) {
      if (point instanceof HistogramPointData histogram) {
        add(counts, histogram);
      } else if (point instanceof ExponentialHistogramPointData histogram) {
        add(counts, histogram);
      }
    }
    return new Distribution(counts);
  }

  private Distribution(NavigableMap<Double, Long> counts) {
    this.counts = counts;
    this.total = counts.values().stream().mapToLong(Long::longValue).sum();
  }

  long count() {
    return total;
  }

  /** What was recorded after an earlier reading. */
  Distribution since(Distribution earlier) {
    NavigableMap<Double, Long> later = new TreeMap<>(counts);
    // A histogram that was started anew has less than before.
    earlier.counts.forEach(
        (bound, count) -> later.computeIfPresent(bound, (b, now) -> Math.max(0, now - count)));
    return new Distribution(later);
  }

  /** Quantile in seconds by interpolation within a bucket, NaN if nothing was recorded. */
  double quantile(double rank) {
    double wanted = rank * total;
    double lower = 0;
    long below = 0;
    for (Map.Entry<Double, Long> bucket : counts.entrySet()) {
      long count = bucket.getValue();
      if (count > 0 && below + count >= wanted) {
        double upper = bucket.getKey();
        // The last bucket has no end: as Prometheus does, take where it begins.
        return Double.isInfinite(upper)
            ? lower
            : lower + (upper - lower) * (wanted - below) / count;
      }
      below += count;
      lower = bucket.getKey();
    }
    return Double.NaN;
  }

  private static void add(Map<Double, Long> counts, HistogramPointData point) {
    List<Double> bounds = point.getBoundaries();
    List<Long> values = point.getCounts();
    for (int i = 0; i < values.size(); i++) {
      double upper = i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY;
      counts.merge(upper, values.get(i), Long::sum);
    }
  }

  private static void add(Map<Double, Long> counts, ExponentialHistogramPointData point) {
    ExponentialHistogramBuckets buckets = point.getPositiveBuckets();
    double base = Math.pow(2, Math.pow(2, -point.getScale()));
    counts.merge(0.0, point.getZeroCount(), Long::sum);
    List<Long> values = buckets.getBucketCounts();
    // Where the first bucket begins.
    counts.merge(Math.pow(base, buckets.getOffset()), 0L, Long::sum);
    for (int i = 0; i < values.size(); i++) {
      counts.merge(Math.pow(base, buckets.getOffset() + i + 1.0), values.get(i), Long::sum);
    }
  }
}
