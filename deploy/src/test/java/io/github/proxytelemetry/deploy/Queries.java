package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.testbed.RealPrometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Queries of one naming as Grafana and Prometheus ask them. */
final class Queries {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Those of a dashboard, for all jobs and the instances that match. */
  static List<String> of(String dashboard, SeriesNames names, String instance) throws IOException {
    Path file = Path.of("grafana", "dashboards", names.folder, dashboard + ".json");
    List<String> queries = new ArrayList<>();
    for (JsonNode expression : new ObjectMapper().readTree(file.toFile()).findValues("expr")) {
      queries.add(
          expression
              .asText()
              .replace("$job", ".*")
              .replace("$instance", instance)
              .replace("$__rate_interval", "1m"));
    }
    assertThat(queries).isNotEmpty();
    return queries;
  }

  /** What the recording rules compute; alerts have no series while all is well. */
  static List<String> recorded(SeriesNames names) throws IOException {
    JsonNode rules = Yaml.of("prometheus", names.folder, "rules.yml").at("/groups/0/rules");
    String requests = rules.at("/0/expr").asText();
    List<String> expressions = new ArrayList<>();
    for (JsonNode rule : rules) {
      expressions.add(
          rule.path("expr").asText().replace("proxy:requests:rate5m", "(" + requests + ")"));
    }
    assertThat(expressions).hasSize(5);
    return expressions;
  }

  /** Asks until each has an answer that is a number; returns those that have none in a minute. */
  static List<String> withoutAnswer(List<String> queries, RealPrometheus prometheus)
      throws IOException, InterruptedException {
    List<String> empty = new ArrayList<>(queries);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!empty.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(50);
      List<String> still = new ArrayList<>();
      for (String query : empty) {
        if (!hasAnswer(query, prometheus)) {
          still.add(query);
        }
      }
      empty = still;
    }
    return empty;
  }

  static boolean hasAnswer(String query, RealPrometheus prometheus)
      throws IOException, InterruptedException {
    Map<Map<String, String>, Double> found = prometheus.query(query);
    return found.values().stream().anyMatch(value -> !value.isNaN());
  }

  private Queries() {}
}
