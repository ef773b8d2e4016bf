package io.github.proxytelemetry.deploy;

import java.util.ArrayList;
import java.util.List;

/**
 * Panel of a dashboard.
 *
 * @param title what it shows
 * @param help a sentence for who does not know, shown when pointed at
 * @param kind Grafana's type
 * @param unit Grafana's unit
 * @param width of 24
 * @param stacked whether the lines add up
 * @param targets what is asked for
 */
record Panel(
    String title,
    String help,
    String kind,
    String unit,
    int width,
    boolean stacked,
    List<Target> targets) {
  /**
   * Line of a panel.
   *
   * @param query with the placeholders of {@link SeriesNames}
   * @param legend Grafana's format
   */
  record Target(String query, String legend) {}

  static Panel number(String title, String help, String unit, String query) {
    return new Panel(title, help, "stat", unit, 4, false, List.of(new Target(query, title)));
  }

  static Panel lines(String title, String help, String unit, String... queriesAndLegends) {
    return new Panel(title, help, "timeseries", unit, 12, false, targets(queriesAndLegends));
  }

  static Panel stack(String title, String help, String unit, String... queriesAndLegends) {
    return new Panel(title, help, "timeseries", unit, 12, true, targets(queriesAndLegends));
  }

  /** Three quantiles of a histogram over all replicas. */
  static Panel quantiles(String title, String help, String instrument) {
    List<String> targets = new ArrayList<>();
    for (String quantile : List.of("0.5", "0.95", "0.99")) {
      targets.add(
          "histogram_quantile(%s, sum by (le) (rate(${%s}_bucket{SELECTOR}[WINDOW])))"
              .formatted(quantile, instrument));
      targets.add("p" + quantile.substring(2).replaceFirst("^5$", "50"));
    }
    return lines(title, help, "s", targets.toArray(String[]::new));
  }

  private static List<Target> targets(String... queriesAndLegends) {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < queriesAndLegends.length; i += 2) {
      targets.add(new Target(queriesAndLegends[i], queriesAndLegends[i + 1]));
    }
    return targets;
  }
}
