package io.github.proxytelemetry.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Two charts of one scenario, throughput and processor time by mode, as ratios to "none". */
final class BarChart {
  private static final int WIDTH = 860;
  private static final int LABELS = 130;
  private static final int PANEL = 290;
  private static final int GAP = 100;
  private static final int TOP = 74;
  private static final int ROW = 30;
  private static final int BAR = 16;
  private static final int FOOT = 34;

  private final Results results;
  private final Svg svg;
  private final int bottom;

  static String draw(Results results) {
    return new BarChart(results).draw();
  }

  private BarChart(Results results) {
    this.results = results;
    this.bottom = TOP + ROW * results.pairs().size();
    this.svg =
        new Svg(
            WIDTH,
            bottom + FOOT,
            "Throughput and processor time of a whole proxy by mode, divided by those without"
                + " telemetry. "
                + results.scenario().title());
  }

  private String draw() {
    svg.text(16, 26, "ink title", "start", "A whole proxy: " + results.scenario().title());
    int row = 0;
    for (String mode : results.pairs().keySet()) {
      svg.text(LABELS - 10, TOP + ROW * row + BAR, "ink", "end", mode);
      row++;
    }
    panel(LABELS, "requests/s ÷ none (more is better)", Pair::throughputRatio);
    panel(LABELS + PANEL + GAP, "CPU a request ÷ none (less is better)", Pair::cpuRatio);
    svg.text(
        16,
        bottom + 24,
        "faint",
        "start",
        "Medians; the thin line is from quartile to quartile. Control is a second proxy without"
            + " telemetry.");
    return svg.toString();
  }

  private void panel(int left, String title, ToDoubleFunction<Pair> ratio) {
    double most =
        results.pairs().values().stream()
            .mapToDouble(pairs -> Quartiles.of(pairs, ratio).upper())
            .reduce(1, Math::max);
    double scale = PANEL / (most * 1.02);
    svg.text(left, TOP - 18, "faint", "start", title);
    for (double tick = 0; tick <= most; tick += 0.5) {
      double x = left + tick * scale;
      svg.line(x, TOP - 8, x, bottom, tick == 1 ? "base" : "rule");
    }
    int row = 0;
    for (Map.Entry<String, List<Pair>> mode : results.pairs().entrySet()) {
      Quartiles quartiles = Quartiles.of(mode.getValue(), ratio);
      double y = TOP + ROW * row;
      double middle = y + BAR / 2.0 + 3;
      svg.bar(left, y + 3, quartiles.median() * scale, BAR, colour(mode.getKey()));
      svg.line(
          left + quartiles.lower() * scale,
          middle,
          left + quartiles.upper() * scale,
          middle,
          "whisker");
      svg.text(
          left + Math.max(quartiles.upper(), quartiles.median()) * scale + 6,
          y + BAR,
          "ink",
          "start",
          quartiles.text(3));
      row++;
    }
  }

  private static String colour(String mode) {
    return mode.equals("control") || mode.equals("off")
        ? "c0"
        : mode.startsWith("peer") ? "c2" : "c1";
  }
}
