package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Differences that were collected and are not delivered yet, oldest first. A collection that takes
 * too long may still add to them. Thread-safe.
 */
final class HeldMetrics {
  private final Deque<List<MetricData>> requests = new ArrayDeque<>();

  static long points(Collection<MetricData> metrics) {
    return metrics.stream().mapToLong(metric -> metric.getData().getPoints().size()).sum();
  }

  synchronized void add(List<MetricData> metrics) {
    if (!metrics.isEmpty()) {
      requests.addLast(metrics);
    }
  }

  /** What the next request has, {@code null} where nothing is held. */
  synchronized @Nullable List<MetricData> first() {
    return requests.peekFirst();
  }

  synchronized void removeFirst() {
    requests.removeFirst();
  }

  /** Makes two requests of the first one, if it has more than one metric. */
  synchronized boolean halveFirst() {
    List<MetricData> first = requests.getFirst();
    if (first.size() == 1) {
      return false;
    }
    requests.removeFirst();
    requests.addFirst(first.subList(first.size() / 2, first.size()));
    requests.addFirst(first.subList(0, first.size() / 2));
    return true;
  }

  synchronized long points() {
    return requests.stream().mapToLong(HeldMetrics::points).sum();
  }

  /** Gives up what is held; returns its number of points. */
  synchronized long clear() {
    long points = points();
    requests.clear();
    return points;
  }
}
