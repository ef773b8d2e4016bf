package io.github.proxytelemetry.deploy;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Kind;
import io.github.proxytelemetry.MetricNaming;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names in queries as Prometheus has them under one naming. A query is written with the constants
 * of the catalogue: {@code ${REQUESTS_TOTAL}} is the metric, {@code ${REQUESTS_TOTAL.METHOD}} a
 * label of it, {@code ${telemetry}} the prefix of the telemetry's own metrics.
 */
final class SeriesNames {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{([A-Z_]+)(?:\\.([A-Z_]+))?}|\\$\\{telemetry}");
  private static final Pattern NOT_A_NAME = Pattern.compile("[^A-Za-z0-9_]");

  final String folder;
  final MetricNaming naming;
  private final Set<Instrument> used = EnumSet.noneOf(Instrument.class);

  SeriesNames(String folder, MetricNaming naming) {
    this.folder = folder;
    this.naming = naming;
  }

  /** Whether all metrics and labels of a query exist under this naming. */
  boolean has(String query) {
    return PLACEHOLDER
        .matcher(query)
        .results()
        .allMatch(found -> found.group(1) == null || isNamed(found.group(1), found.group(2)));
  }

  String query(String template) {
    Matcher placeholder = PLACEHOLDER.matcher(template);
    return placeholder.replaceAll(
        found -> found.group(1) == null ? telemetry() : name(found.group(1), found.group(2)));
  }

  /** The instruments that queries have asked for. */
  Set<Instrument> used() {
    return used;
  }

  private boolean isNamed(String instrument, String dimension) {
    Instrument named = Instrument.valueOf(instrument);
    return naming.name(named) != null
        && (dimension == null || naming.key(named, Dimension.valueOf(dimension)) != null);
  }

  private String name(String name, String dimension) {
    Instrument instrument = Instrument.valueOf(name);
    used.add(instrument);
    return dimension == null
        ? metric(instrument)
        : legal(
            Objects.requireNonNull(
                naming.key(instrument, Dimension.valueOf(dimension)), template(name, dimension)));
  }

  /** OpenTelemetry's rules for names in Prometheus: the unit as a suffix, then the counter's. */
  private String metric(Instrument instrument) {
    String name = legal(Objects.requireNonNull(naming.name(instrument), instrument.name()));
    boolean counter = instrument.kind() == Kind.COUNTER;
    String stem = counter && name.endsWith("_total") ? name.substring(0, name.length() - 6) : name;
    String unit =
        switch (instrument.unit()) {
          case "s" -> "_seconds";
          case "By" -> "_bytes";
          default -> "";
        };
    return (stem.endsWith(unit) ? stem : stem + unit) + (counter ? "_total" : "");
  }

  private String telemetry() {
    String name = Objects.requireNonNull(naming.name(Instrument.CONNECTIONS_TOTAL));
    return name.substring(0, name.length() - "connections_total".length()) + "telemetry_";
  }

  private static String legal(String name) {
    return NOT_A_NAME.matcher(name).replaceAll("_");
  }

  private static String template(String instrument, String dimension) {
    return instrument + "." + dimension;
  }

  @Override
  public String toString() {
    return folder;
  }
}
