package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.AttributeKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Check of a naming, before anything is registered. */
public final class NamingCheck {
  /** OpenTelemetry's rule for names; the SDK drops any other without an error. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.\\-/]{0,254}");

  public static final String EXPECTED_NAME =
      "expected a letter and then up to 254 letters, digits and _.-/";

  private NamingCheck() {}

  /**
   * Checks names and keys of all instruments, and the static attributes of layers.
   *
   * @throws IllegalArgumentException if one is malformed, or two collide
   */
  public static void check(MetricNaming naming, LayerSet layers) {
    Map<String, Instrument> named = new HashMap<>();
    Map<String, Instrument> exposed = new HashMap<>();
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      if (name == null) {
        continue;
      }
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            invalid("metric name", name) + " for " + instrument + "; " + EXPECTED_NAME);
      }
      // The SDK compares names without regard to case.
      Instrument same = named.putIfAbsent(name.toLowerCase(Locale.ROOT), instrument);
      if (same != null && !mayShare(naming, instrument, same)) {
        throw new IllegalArgumentException(
            invalid("metric name", name)
                + " for both "
                + same
                + " and "
                + instrument
                + "; expected names that differ, or one kind and unit and a label for the stage");
      }
      String id = PrometheusName.ofMetric(name, instrument.unit());
      Instrument seen = exposed.putIfAbsent(id, instrument);
      if (same == null && seen != null) {
        throw new IllegalArgumentException(
            invalid("metric name", name)
                + " for "
                + instrument
                + ", which Prometheus takes for that of "
                + seen
                + "; expected names that differ in more than signs, unit and _total");
      }
      checkKeys(naming, instrument);
      MetricRules.checkBuckets(instrument, naming.buckets(instrument));
      if (layers.has(instrument.group())) {
        checkStaticAttributes(naming, instrument, layers);
      }
    }
  }

  private static boolean mayShare(MetricNaming naming, Instrument one, Instrument other) {
    return one.kind() == other.kind()
        && one.unit().equals(other.unit())
        && naming.unit(one).equals(naming.unit(other))
        && !one.stage().equals(other.stage())
        && naming.key(one, Dimension.STAGE) != null
        && naming.key(other, Dimension.STAGE) != null;
  }

  private static void checkKeys(MetricNaming naming, Instrument instrument) {
    Set<String> keys = new HashSet<>();
    for (Dimension dimension : instrument.dimensions()) {
      String key = naming.key(instrument, dimension);
      if (key != null && (key.isBlank() || isBucket(key) || !keys.add(key))) {
        throw new IllegalArgumentException(
            invalid("metric label", key)
                + " for "
                + dimension
                + " of "
                + instrument
                + "; expected keys that differ and are neither blank nor le");
      }
    }
  }

  private static void checkStaticAttributes(
      MetricNaming naming, Instrument instrument, LayerSet layers) {
    for (AttributeKey<?> fixed : layers.attributes(instrument.group()).asMap().keySet()) {
      if (isBucket(fixed.getKey())) {
        throw new IllegalArgumentException(
            invalid("static attribute", fixed.getKey())
                + "; expected another key, as Prometheus labels the buckets of histograms with le");
      }
      for (Dimension dimension : instrument.dimensions()) {
        String key = naming.key(instrument, dimension);
        if (key != null
            && PrometheusName.ofLabel(fixed.getKey()).equals(PrometheusName.ofLabel(key))) {
          throw new IllegalArgumentException(
              invalid("static attribute", fixed.getKey())
                  + "; expected a key that is not a label of "
                  + naming.name(instrument));
        }
      }
    }
  }

  private static boolean isBucket(String key) {
    return PrometheusName.ofLabel(key).equals("le");
  }

  public static String invalid(String option, String value) {
    return option + ": invalid value \"" + value + '"';
  }
}
