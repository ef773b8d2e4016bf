package io.github.proxytelemetry.benchmarks;

import java.util.Locale;
import java.util.Map;

/** Live bytes by number of things, both axes logarithmic. */
final class GrowthChart {
  private static final int LEFT = 80;
  private static final int TOP = 60;
  private static final int PLOT_WIDTH = 520;
  private static final int PLOT_HEIGHT = 330;
  private static final int FROM_COUNT = 1;
  private static final int DECADES = 4;
  private static final int FROM_BYTES = 2;
  private static final int TO_BYTES = 9;
  private static final String[] UNITS = {
    "100 B", "1 kB", "10 kB", "100 kB", "1 MB", "10 MB", "100 MB", "1 GB"
  };

  /**
   * @param lines by their names, bytes by counts; at most five lines
   */
  static String draw(Map<String, Map<Integer, Double>> lines) {
    Svg svg = new Svg(860, 450, "Memory that telemetry keeps alive, by number of things");
    svg.text(16, 26, "ink title", "start", "Memory that telemetry keeps alive");
    for (int decade = 0; decade <= DECADES; decade++) {
      double x = x(Math.pow(10, decade));
      svg.line(x, TOP, x, TOP + PLOT_HEIGHT, "rule");
      String count = String.format(Locale.ROOT, "%,d", (long) Math.pow(10, decade));
      svg.text(x, TOP + PLOT_HEIGHT + 20, "faint", "middle", count);
    }
    for (int decade = FROM_BYTES; decade <= TO_BYTES; decade++) {
      double y = y(Math.pow(10, decade));
      svg.line(LEFT, y, LEFT + PLOT_WIDTH, y, "rule");
      svg.text(LEFT - 8, y + 4, "faint", "end", UNITS[decade - FROM_BYTES]);
    }
    int colour = 0;
    for (Map.Entry<String, Map<Integer, Double>> line : lines.entrySet()) {
      String style = "c" + colour;
      StringBuilder points = new StringBuilder();
      double[] last = new double[2];
      line.getValue()
          .forEach(
              (count, bytes) -> {
                double x = x(count);
                double y = y(bytes);
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
                svg.dot(x, y, style);
                last[0] = x;
                last[1] = y;
              });
      svg.path(points.toString().strip(), style);
      double label = TOP + 20 + 24 * colour;
      svg.bar(LEFT + PLOT_WIDTH + 20, label - 8, 14, 4, style);
      svg.text(LEFT + PLOT_WIDTH + 42, label, "ink", "start", line.getKey());
      colour++;
    }
    svg.text(
        LEFT + PLOT_WIDTH / 2.0, TOP + PLOT_HEIGHT + 42, "faint", "middle", "how many there are");
    return svg.toString();
  }

  private static double x(double count) {
    return LEFT + PLOT_WIDTH * (Math.log10(count) - Math.log10(FROM_COUNT)) / DECADES;
  }

  private static double y(double bytes) {
    double decade = Math.log10(Math.max(bytes, Math.pow(10, FROM_BYTES)));
    return TOP + PLOT_HEIGHT * (TO_BYTES - decade) / (TO_BYTES - FROM_BYTES);
  }

  private GrowthChart() {}
}
