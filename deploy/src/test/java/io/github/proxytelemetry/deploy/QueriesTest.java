package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every query of the dashboards and rules finds data in a real Prometheus. */
@RequiresProgram("prometheus")
class QueriesTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @MethodSource("namings")
  void everyQueryReturnsASeries(SeriesNames names) throws Exception {
    try (ProxyTelemetrySdk telemetry = start(names);
        RealPrometheus prometheus =
            RealPrometheus.scraping(telemetry.prometheusAddress("prometheus"))) {
      // Two scrapes with a difference between them, for rate().
      ScriptedTraffic.run(telemetry);
      double seen = prometheus.value(names.query("sum(${REQUESTS_TOTAL})"));
      while (!(seen > 0)) {
        Thread.onSpinWait();
        seen = prometheus.value(names.query("sum(${REQUESTS_TOTAL})"));
      }
      ScriptedTraffic.run(telemetry);

      List<String> empty = new ArrayList<>(queries(names));
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!empty.isEmpty() && System.nanoTime() < deadline) {
        List<String> still = new ArrayList<>();
        for (String query : empty) {
          Map<Map<String, String>, Double> found = prometheus.query(query);
          if (found.isEmpty() || found.values().stream().allMatch(value -> value.isNaN())) {
            still.add(query);
          }
        }
        empty = still;
      }
      assertThat(empty).isEmpty();
    }
  }

  static List<SeriesNames> namings() {
    return Namings.all();
  }

  /** With all layers, and an exporter that nobody answers. */
  private static ProxyTelemetrySdk start(SeriesNames names) {
    return ProxyTelemetrySdk.builder("edge")
        .prometheus("127.0.0.1", 0)
        .otlp("http://127.0.0.1:9", otlp -> otlp.http())
        .sampling(Sampling.always())
        .metricInterval(Duration.ofSeconds(1))
        .recording(recording -> recording.naming(names.naming).layers(Layers.all()))
        .build();
  }

  private static List<String> queries(SeriesNames names) throws IOException {
    List<String> queries = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("grafana", "dashboards", names.folder))) {
      for (Path file : files.toList()) {
        JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
        for (JsonNode expression : dashboard.findValues("expr")) {
          queries.add(
              expression
                  .asText()
                  .replace("$job", ".*")
                  .replace("$instance", ".*")
                  .replace("$__rate_interval", "1m"));
        }
      }
    }
    assertThat(queries).hasSizeGreaterThan(30);
    queries.addAll(recorded(names));
    return queries;
  }

  /** What the recording rules compute; alerts have no series while all is well. */
  private static List<String> recorded(SeriesNames names) throws IOException {
    Object rules =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(Path.of("prometheus", names.folder, "rules.yml")));
    List<String> expressions = new ArrayList<>();
    JsonNode tree = new ObjectMapper().valueToTree(rules);
    for (JsonNode rule : tree.at("/groups/0/rules")) {
      String requests = tree.at("/groups/0/rules/0/expr").asText();
      expressions.add(
          rule.path("expr").asText().replace("proxy:requests:rate5m", "(" + requests + ")"));
    }
    assertThat(expressions).hasSize(5);
    return expressions;
  }
}
