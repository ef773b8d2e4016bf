package io.github.proxytelemetry.examples.netty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Configurations and queries, as the page about exporting gives them. */
final class ExportingPage {
  private static final Path PAGE = Path.of("../../docs/exporting.md");
  private static final Pattern BLOCK =
      Pattern.compile("^```(yaml|promql)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

  private ExportingPage() {}

  /** The collector's, on the way to Grafana. */
  static String collector() throws IOException {
    return first("receivers:");
  }

  /** That of the Prometheus which scrapes the collector there. */
  static String scrapeConfigs(String target) throws IOException {
    return first("scrape_configs:").replace("otel-collector.observability:8889", target);
  }

  /** The queries to start with. */
  static List<String> queries() throws IOException {
    return first("rate(").lines().toList();
  }

  private static String first(String beginning) throws IOException {
    return BLOCK
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(2))
        .filter(block -> block.startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }
}
