package io.github.proxytelemetry.benchmarks;

import java.util.Locale;

/** Drawing with a light and a dark face, written by hand. Coordinates are pixels. */
final class Svg {
  private static final String STYLE =
      """
      <style>
        .paper { fill: #ffffff } .ink { fill: #1f2328 } .faint { fill: #59636e }
        .rule { stroke: #d1d9e0; stroke-width: 1 } .base { stroke: #59636e; stroke-width: 1.5 }
        .whisker { stroke: #1f2328; stroke-width: 1.5 }
        .c0 { fill: #818b98; stroke: #818b98 } .c1 { fill: #0969da; stroke: #0969da }
        .c2 { fill: #bc4c00; stroke: #bc4c00 } .c3 { fill: #1a7f37; stroke: #1a7f37 }
        .c4 { fill: #8250df; stroke: #8250df } .line { fill: none; stroke-width: 2 }
        text { font: 13px system-ui, sans-serif } .title { font-weight: 600; font-size: 15px }
        @media (prefers-color-scheme: dark) {
          .paper { fill: #0d1117 } .ink { fill: #f0f6fc } .faint { fill: #9198a1 }
          .rule { stroke: #3d444d } .base { stroke: #9198a1 } .whisker { stroke: #f0f6fc }
          .c1 { fill: #4493f8; stroke: #4493f8 } .c2 { fill: #f0883e; stroke: #f0883e }
          .c3 { fill: #3fb950; stroke: #3fb950 } .c4 { fill: #ab7df8; stroke: #ab7df8 }
          .line { fill: none }
        }
      </style>
      """;

  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final int height;
  private final String description;

  Svg(int width, int height, String description) {
    this.width = width;
    this.height = height;
    this.description = description;
  }

  /**
   * @param anchor {@code start}, {@code middle} or {@code end}
   */
  void text(double x, double y, String style, String anchor, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>%n",
        x, y, style, anchor, escaped(text));
  }

  void line(double x1, double y1, double x2, double y2, String style) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>%n",
        x1, y1, x2, y2, style);
  }

  void bar(double x, double y, double width, double height, String style) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>%n",
        x, y, width, height, style);
  }

  void dot(double x, double y, String style) {
    add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=\"%s\"/>%n", x, y, style);
  }

  /**
   * @param points coordinates as SVG writes them
   */
  void path(String points, String style) {
    add("<polyline points=\"%s\" class=\"%s line\"/>%n", points, style);
  }

  @Override
  public String toString() {
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" role=\"img\">%n<title>%s</title>%n",
            width,
            height,
            width,
            height,
            escaped(description))
        + STYLE
        + "<rect width=\"100%\" height=\"100%\" class=\"paper\"/>\n"
        + body
        + "</svg>\n";
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
