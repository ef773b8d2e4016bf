package io.github.proxytelemetry.otel.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Name of a metric or label as Prometheus sees it. Two names that differ for OpenTelemetry may be
 * one for Prometheus, which then answers no scrape at all, or shows one metric in place of the
 * other.
 */
public final class PrometheusName {
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^a-z0-9:]+");

  /** Suffixes that the client library adds by itself, and so takes off the names given to it. */
  private static final Pattern OWN_SUFFIX = Pattern.compile("(_total|_created|_bucket|_info)+$");

  /** Of UCUM; others are appended as they are. */
  private static final Map<String, String> UNITS =
      Map.of("s", "seconds", "ms", "milliseconds", "By", "bytes", "%", "percent", "1", "");

  private PrometheusName() {}

  /** What two metrics must not have in common. */
  public static String ofMetric(String name, String unit) {
    String plain = OWN_SUFFIX.matcher(ofLabel(name)).replaceFirst("");
    String suffix = unit.startsWith("{") ? "" : UNITS.getOrDefault(unit, ofLabel(unit));
    return suffix.isEmpty() || plain.endsWith('_' + suffix) ? plain : plain + '_' + suffix;
  }

  /** What two labels of a metric must not have in common. */
  public static String ofLabel(String key) {
    return NOT_ALLOWED.matcher(key.toLowerCase(Locale.ROOT)).replaceAll("_");
  }
}
