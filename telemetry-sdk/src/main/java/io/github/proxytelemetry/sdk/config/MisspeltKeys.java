package io.github.proxytelemetry.sdk.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Search for keys that are nearly those of standard variables. There are many more of these than
 * this library reads, so an unknown one is no mistake; one that resembles a known one may be.
 */
final class MisspeltKeys {
  private static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.sdk");

  /** Two letters that changed places are two edits. */
  private static final int MAX_EDITS = 2;

  private static final Set<String> KNOWN = known();

  /**
   * Logs each key that is probably a mistake, and never its value.
   *
   * @param given values by their variables' names
   */
  static void warn(Map<String, ConfigValue> given) {
    given.forEach(
        (variable, value) -> {
          String meant = nearest(variable);
          if (meant != null) {
            LOGGER.log(
                System.Logger.Level.WARNING,
                value.key() + ": is unknown and ignored; expected " + meant + " perhaps");
          }
        });
  }

  private static @Nullable String nearest(String variable) {
    if (KNOWN.contains(variable) || !variable.startsWith("OTEL_")) {
      return null;
    }
    return KNOWN.stream()
        .filter(known -> edits(known, variable) <= MAX_EDITS)
        .findFirst()
        .orElse(null);
  }

  /** Distance of Levenshtein. */
  private static int edits(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int column = 0; column <= other.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= one.length(); row++) {
      int[] current = new int[other.length() + 1];
      current[0] = row;
      for (int column = 1; column <= other.length(); column++) {
        int replaced = one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                above[column - 1] + replaced, 1 + Math.min(above[column], current[column - 1]));
      }
      above = current;
    }
    return above[other.length()];
  }

  private static Set<String> known() {
    Set<String> known =
        new TreeSet<>(
            Set.of(
                "OTEL_EXPORTER_PROMETHEUS_HOST",
                "OTEL_EXPORTER_PROMETHEUS_PORT",
                "OTEL_METRICS_EXPORTER",
                "OTEL_METRIC_EXPORT_INTERVAL",
                "OTEL_METRICS_EXEMPLAR_FILTER",
                "OTEL_PROPAGATORS",
                "OTEL_RESOURCE_ATTRIBUTES",
                "OTEL_SDK_DISABLED",
                "OTEL_SERVICE_NAME",
                "OTEL_TRACES_EXPORTER",
                "OTEL_TRACES_SAMPLER",
                "OTEL_TRACES_SAMPLER_ARG"));
    Set<String> otlp =
        Set.of(
            "ENDPOINT",
            "PROTOCOL",
            "HEADERS",
            "TIMEOUT",
            "COMPRESSION",
            "INSECURE",
            "CERTIFICATE",
            "CLIENT_CERTIFICATE",
            "CLIENT_KEY");
    for (String signal : Set.of("", "TRACES_", "METRICS_", "LOGS_")) {
      otlp.forEach(name -> known.add(OtlpVariables.ALL + signal + name));
    }
    return known;
  }

  private MisspeltKeys() {}
}
