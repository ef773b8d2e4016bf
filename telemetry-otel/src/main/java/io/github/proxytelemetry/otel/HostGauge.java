package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.otel.metrics.CallbackErrors;
import io.github.proxytelemetry.otel.metrics.NamingCheck;
import io.github.proxytelemetry.otel.metrics.PrometheusName;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Gauge of the host: one series for each registration under its name. Registration is guarded by
 * {@link WorkMetrics}; collection may run meanwhile.
 */
final class HostGauge {
  private static final Pattern KEY = Pattern.compile("[a-zA-Z][a-zA-Z0-9_.]{0,99}");
  private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}]{1,255}");

  /** The label that Prometheus has on buckets. */
  private static final String BUCKET = "le";

  private final String name;
  private final String unit;
  private final Set<String> keys;
  private final CallbackErrors errors;
  private final List<Series> series = new CopyOnWriteArrayList<>();

  private record Series(Attributes labels, LongSupplier value) {}

  HostGauge(String name, String unit, Set<String> keys, CallbackErrors errors) {
    this.name = name;
    this.unit = unit;
    this.keys = keys;
    this.errors = errors;
  }

  /** A copy of the labels of a series, checked. */
  static SortedMap<String, String> checked(Map<String, String> labels) {
    SortedMap<String, String> checked = new TreeMap<>();
    Set<String> exposed = new HashSet<>(Set.of(BUCKET));
    labels.forEach(
        (key, value) -> {
          if (key == null
              || !KEY.matcher(key).matches()
              || !exposed.add(PrometheusName.ofLabel(key))) {
            throw new IllegalArgumentException(
                NamingCheck.invalid("gauge label", String.valueOf(key))
                    + "; expected a letter and then up to 99 letters, digits, _ and ., not le, and keys"
                    + " that differ in more than case and signs");
          }
          if (value == null || value.isBlank() || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                NamingCheck.invalid("gauge label " + key, String.valueOf(value))
                    + "; expected 1 to 255 characters, not blank and without control characters");
          }
          checked.put(key, value);
        });
    return checked;
  }

  boolean isLabelled() {
    return !keys.isEmpty();
  }

  /** Adds a series, whose unit and keys have to be those of the others, and its values not. */
  void add(String otherUnit, SortedMap<String, String> labels, LongSupplier value) {
    if (!otherUnit.equals(unit)) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("gauge unit", otherUnit)
              + " for "
              + name
              + "; expected that of its first registration, \""
              + unit
              + '"');
    }
    if (!labels.keySet().equals(keys)) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("gauge labels", labels.keySet().toString())
              + " for "
              + name
              + "; expected those of its first registration, "
              + keys);
    }
    AttributesBuilder built = Attributes.builder();
    labels.forEach(built::put);
    Attributes attributes = built.build();
    if (series.stream().anyMatch(other -> other.labels().equals(attributes))) {
      throw new IllegalArgumentException(
          NamingCheck.invalid("gauge labels", labels.toString())
              + " twice for "
              + name
              + "; expected one registration for each set of values");
    }
    if (series.size() == WorkMetrics.LIMIT) {
      throw new IllegalStateException(
          "gauge " + name + ": more than " + WorkMetrics.LIMIT + " series; expected constants");
    }
    series.add(new Series(attributes, value));
  }

  /** A supplier that throws has no value this time. */
  void observe(ObservableLongMeasurement measurement) {
    for (Series each : series) {
      long observed;
      try {
        observed = each.value().getAsLong();
      } catch (Throwable thrown) {
        errors.add(CallbackErrors.Callback.GAUGE, thrown);
        continue;
      }
      measurement.record(observed, each.labels());
    }
  }
}
