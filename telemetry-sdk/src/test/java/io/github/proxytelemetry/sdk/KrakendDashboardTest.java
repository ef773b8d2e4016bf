package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Traffic;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every query of the Grafana dashboard that KrakenD ships, to a real Prometheus. */
class KrakendDashboardTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** In this order, as one begins like another. */
  private static final Map<String, String> VARIABLES =
      variables(
          "$__range_s", "60",
          "$__range", "1m",
          "$__rate_interval", "1m",
          "$__interval", "1m",
          "$interval", "1m",
          "$instance", ".*",
          "$endpoint", ".+",
          "$max_list", "5");

  /** Beginnings of queries that stay without an answer, each with its reason. */
  private static final Map<String, String> WITHOUT_DATA =
      Map.of(
          "rate(http_client_request_read_size_hist_sum",
          "KrakenD exports http.client.response.read.size-hist, and no metric of this name");

  @Test
  @RequiresProgram("prometheus")
  void hasDataForEveryQuery() throws Exception {
    assertThat(queries()).hasSize(68);
    Set<String> unanswered = new TreeSet<>(queries());
    Set<String> expected = new TreeSet<>(unanswered);
    expected.removeIf(query -> WITHOUT_DATA.keySet().stream().noneMatch(query::startsWith));
    assertThat(expected).hasSize(2);
    try (ProxyTelemetrySdk telemetry =
            ProxyTelemetrySdk.builder("gateway")
                .prometheus("127.0.0.1", 0)
                .recording(
                    options -> options.naming(MetricNaming.KRAKEND_OTEL).layers(Layers.all()))
                .build();
        RealPrometheus prometheus =
            RealPrometheus.scraping(telemetry.prometheusAddress("prometheus"))) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      int scrapes = 1;
      while (unanswered.size() > expected.size() && System.nanoTime() < deadline) {
        // Rates need traffic between scrapes.
        Traffic.drive(telemetry);
        prometheus.awaitQuery("count_over_time(up[1h]) > " + scrapes++, LIMIT, 1);
        for (String query : List.copyOf(unanswered)) {
          if (isAnswered(prometheus, query)) {
            unanswered.remove(query);
          }
        }
      }
      assertThat(unanswered).isEqualTo(expected);
      // The variable "endpoint" of the dashboard.
      assertThat(prometheus.query("count by (http_route) (krakend_proxy_duration_count)").keySet())
          .contains(Map.of("http_route", Traffic.ROUTE));
    }
  }

  private static boolean isAnswered(RealPrometheus prometheus, String query)
      throws IOException, InterruptedException {
    return prometheus.query(query).values().stream().anyMatch(value -> !value.isNaN());
  }

  private static List<String> queries() {
    return Configurations.resource("krakend/dashboard-queries.txt")
        .lines()
        .map(
            query -> {
              String filled = query;
              for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
                filled = filled.replace(variable.getKey(), variable.getValue());
              }
              return filled;
            })
        .toList();
  }

  private static Map<String, String> variables(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
