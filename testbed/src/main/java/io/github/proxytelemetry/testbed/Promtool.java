package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.util.List;

/** Prometheus' own linter. */
public final class Promtool {
  private Promtool() {}

  /**
   * Lints a scrape in the text format 0.0.4.
   *
   * @return the complaints, empty for a clean scrape
   */
  public static List<String> checkMetrics(String text) throws IOException, InterruptedException {
    Program promtool = Program.run(List.of("promtool", "check", "metrics"), text);
    return promtool
        .output()
        .lines()
        .filter(line -> !line.isBlank())
        // Written by OpenTelemetry's exporter, which gives it no help text.
        .filter(line -> !line.equals("target_info no help text"))
        .toList();
  }
}
