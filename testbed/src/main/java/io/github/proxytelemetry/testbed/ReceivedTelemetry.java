package io.github.proxytelemetry.testbed;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What an OTLP receiver has got so far: the latest value of every metric point, and every span.
 * Thread-safe.
 */
public final class ReceivedTelemetry {
  private final Map<String, Map<Map<String, String>, Double>> metrics = new TreeMap<>();
  private final List<ReceivedSpan> spans = new ArrayList<>();
  private final Map<String, String> resource = new TreeMap<>();

  ReceivedTelemetry() {}

  /** The names of all metrics that arrived. */
  public synchronized List<String> metricNames() {
    return List.copyOf(metrics.keySet());
  }

  /**
   * The latest points of a metric by their attributes: the value of a sum or gauge, the count of a
   * histogram. Empty where no such metric arrived.
   */
  public synchronized Map<Map<String, String>, Double> metric(String name) {
    return Map.copyOf(metrics.getOrDefault(name, Map.of()));
  }

  /** The sum over all points of a metric, 0 where none arrived. */
  public synchronized double total(String name) {
    return metric(name).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Every span, in the order of arrival. */
  public synchronized List<ReceivedSpan> spans() {
    return List.copyOf(spans);
  }

  /** The attributes of the resource that sent last. */
  public synchronized Map<String, String> resource() {
    return Map.copyOf(resource);
  }

  /**
   * Waits until enough has arrived.
   *
   * @throws AssertionError if the time is up before; its message lists what has arrived
   */
  public synchronized void await(Duration limit, Predicate<ReceivedTelemetry> condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.test(this)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "not received in " + limit + "; metrics " + metrics + ", spans " + spans);
      }
      wait(left);
    }
  }

  synchronized void add(ExportMetricsServiceRequest request) {
    request
        .getResourceMetricsList()
        .forEach(
            from -> {
              resource.putAll(attributes(from.getResource().getAttributesList()));
              from.getScopeMetricsList()
                  .forEach(scope -> scope.getMetricsList().forEach(this::add));
            });
    notifyAll();
  }

  synchronized void add(ExportTraceServiceRequest request) {
    request
        .getResourceSpansList()
        .forEach(
            from -> {
              resource.putAll(attributes(from.getResource().getAttributesList()));
              from.getScopeSpansList()
                  .forEach(
                      scope ->
                          scope.getSpansList().forEach(span -> spans.add(ReceivedSpan.of(span))));
            });
    notifyAll();
  }

  private void add(Metric metric) {
    Map<Map<String, String>, Double> points =
        metrics.computeIfAbsent(metric.getName(), name -> new HashMap<>());
    for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
      points.put(attributes(point.getAttributesList()), number(point));
    }
    for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
      points.put(attributes(point.getAttributesList()), number(point));
    }
    for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
      points.put(attributes(point.getAttributesList()), (double) point.getCount());
    }
  }

  private static double number(NumberDataPoint point) {
    return point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
  }

  static Map<String, String> attributes(List<KeyValue> attributes) {
    Map<String, String> map = new TreeMap<>();
    attributes.forEach(attribute -> map.put(attribute.getKey(), text(attribute.getValue())));
    return map;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(ReceivedTelemetry::text)
              .toList()
              .toString();
      default -> value.toString();
    };
  }
}
