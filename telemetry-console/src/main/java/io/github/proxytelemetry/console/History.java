package io.github.proxytelemetry.console;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Last minutes of readings: the window that rates and quantiles are of, and the charts' points. */
final class History {
  /** Five minutes. */
  private static final int POINTS = 300;

  /** Long enough for a quantile, short enough to see a fault come and go. */
  private static final int WINDOW = 10;

  private final Deque<Reading> window = new ArrayDeque<>();
  private final Deque<Point> points = new ArrayDeque<>();

  /**
   * A second of the charts.
   *
   * @param classes requests by the first digit of their status, 0 for those without one
   * @param latencies 95th percentiles within the window, as {@link StateJson#LATENCIES}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Point(long epochMillis, double[] classes, double errors, double[] latencies) {
    void write(Json json) {
      json.array().value(epochMillis);
      for (double rate : classes) {
        json.value(rate);
      }
      json.value(errors);
      for (double latency : latencies) {
        json.value(latency);
      }
      json.end();
    }
  }

  void add(Reading reading, long epochMillis) {
    Reading previous = window.peekLast();
    window.addLast(reading);
    if (window.size() > WINDOW + 1) {
      window.removeFirst();
    }
    if (previous != null) {
      points.addLast(point(reading, previous, epochMillis));
      if (points.size() > POINTS) {
        points.removeFirst();
      }
    }
  }

  /** The reading at the begin of the window, the latest itself if there is no other. */
  Reading windowStart() {
    return window.getFirst();
  }

  Reading latest() {
    return window.getLast();
  }

  boolean isEmpty() {
    return window.isEmpty();
  }

  void writeAll(Json json) {
    json.array();
    points.forEach(point -> point.write(json));
    json.end();
  }

  void writeLast(Json json) {
    json.array();
    Iterator<Point> last = points.descendingIterator();
    if (last.hasNext()) {
      last.next().write(json);
    }
    json.end();
  }

  private Point point(Reading reading, Reading previous, long epochMillis) {
    double seconds = reading.secondsSince(previous);
    double[] classes = new double[6];
    Map<List<String>, Long> before = previous.sums(Instrument.REQUESTS_BY_STATUS, Dimension.STATUS);
    reading
        .sums(Instrument.REQUESTS_BY_STATUS, Dimension.STATUS)
        .forEach(
            (status, count) ->
                classes[statusClass(status.get(0))] +=
                    Math.max(0, count - before.getOrDefault(status, 0L)) / seconds);
    double errors =
        Math.max(
                0, reading.total(Instrument.ERRORS_TOTAL) - previous.total(Instrument.ERRORS_TOTAL))
            / seconds;
    double[] latencies =
        StateJson.LATENCIES.stream()
            .mapToDouble(
                instrument ->
                    1e3
                        * reading
                            .distribution(instrument)
                            .since(windowStart().distribution(instrument))
                            .quantile(0.95))
            .toArray();
    return new Point(epochMillis, classes, errors, latencies);
  }

  private static int statusClass(String status) {
    char first = status.isEmpty() ? '0' : status.charAt(0);
    return first >= '1' && first <= '5' ? first - '0' : 0;
  }
}
