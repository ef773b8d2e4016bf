package io.github.proxytelemetry.console;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The metrics at one moment, cumulative since the start, found by the names that the telemetry
 * gives them. One that a naming leaves out is empty.
 */
final class Reading {
  /** In place of a value that a naming leaves out. */
  static final String UNKNOWN = "";

  private final long nanos;
  private final MetricNaming naming;
  private final Map<String, List<PointData>> points = new HashMap<>();
  private final Map<Instrument, Distribution> distributions = new HashMap<>();

  Reading(long nanos, MetricNaming naming, Collection<MetricData> metrics) {
    this.nanos = nanos;
    this.naming = naming;
    for (MetricData metric : metrics) {
      points
          .computeIfAbsent(metric.getName(), name -> new ArrayList<>())
          .addAll(metric.getData().getPoints());
    }
  }

  double secondsSince(Reading earlier) {
    return (nanos - earlier.nanos) / 1e9;
  }

  /** Sum over all series. */
  long total(Instrument instrument) {
    return sums(instrument).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Sums by the values of some dimensions, in order. */
  Map<List<String>, Long> sums(Instrument instrument, Dimension... dimensions) {
    Map<List<String>, Long> sums = new TreeMap<>(Reading::compare);
    for (PointData point : points(instrument)) {
      if (point instanceof LongPointData value) {
        sums.merge(
            labels(instrument, point.getAttributes(), dimensions), value.getValue(), Long::sum);
      }
    }
    return sums;
  }

  Distribution distribution(Instrument instrument) {
    return distributions.computeIfAbsent(instrument, any -> Distribution.of(points(any)));
  }

  /** Distributions by the values of some dimensions, in order. */
  Map<List<String>, Distribution> distributions(Instrument instrument, Dimension... dimensions) {
    Map<List<String>, List<PointData>> groups = new TreeMap<>(Reading::compare);
    for (PointData point : points(instrument)) {
      groups
          .computeIfAbsent(
              labels(instrument, point.getAttributes(), dimensions), labels -> new ArrayList<>())
          .add(point);
    }
    Map<List<String>, Distribution> result = new TreeMap<>(Reading::compare);
    groups.forEach((labels, group) -> result.put(labels, Distribution.of(group)));
    return result;
  }

  private List<PointData> points(Instrument instrument) {
    String name = naming.name(instrument);
    List<PointData> all = name == null ? List.of() : points.getOrDefault(name, List.of());
    // Instruments that differ in their stage may share a name.
    String stage = naming.key(instrument, Dimension.STAGE);
    return stage == null || instrument.stage().isEmpty()
        ? all
        : all.stream()
            .filter(
                point -> Objects.equals(value(point.getAttributes(), stage), instrument.stage()))
            .toList();
  }

  private List<String> labels(
      Instrument instrument, Attributes attributes, Dimension... dimensions) {
    List<String> labels = new ArrayList<>(dimensions.length);
    for (Dimension dimension : dimensions) {
      String key = naming.key(instrument, dimension);
      String value = key == null ? null : value(attributes, key);
      labels.add(value == null ? UNKNOWN : value);
    }
    return labels;
  }

  /** Namings differ in the types of attributes, too. */
  private static @Nullable String value(Attributes attributes, String key) {
    for (var attribute : attributes.asMap().entrySet()) {
      if (attribute.getKey().getKey().equals(key)) {
        return attribute.getValue().toString();
      }
    }
    return null;
  }

  private static int compare(List<String> a, List<String> b) {
    return String.join("\0", a).compareTo(String.join("\0", b));
  }
}
