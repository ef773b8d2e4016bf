package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.testbed.RequiresProgram;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A known traffic over three replicas, as it arrives in Prometheus by way of the collector.
 * Grafana, which asks Prometheus the same queries, is not there.
 */
@RequiresProgram({"otelcol", "prometheus3"})
class CollectorEndToEndTest {
  /** Requests to each replica that are answered with 200, and with 502. */
  private static final int[] ANSWERED = {30, 20, 10};

  private static final int[] REFUSED = {0, 4, 6};
  private static final int TOTAL = 60 + 10;

  private static CollectedFleet fleet;

  @BeforeAll
  static void sendTraffic() throws Exception {
    fleet = CollectedFleet.of(ANSWERED.length);
    for (int replica = 0; replica < ANSWERED.length; replica++) {
      fleet.replicas.get(replica, ANSWERED[replica]);
      fleet.replicas.getRefused(replica, REFUSED[replica]);
    }
    fleet.await("sum(privacy_proxy_requests_by_status)", ANSWERED.length + TOTAL);
    fleet.await(CollectedFleet.REQUESTS, ANSWERED.length + TOTAL);
    fleet.await("sum(privacy_proxy_connect_latency_seconds_count)", ANSWERED.length + 60);
  }

  @AfterAll
  static void stop() throws Exception {
    if (fleet != null) {
      fleet.close();
    }
  }

  @Test
  void countsWhatTheClientsSentToEachReplica() throws Exception {
    Map<Map<String, String>, Double> replicas =
        fleet.prometheus.query("sum by (job, instance) (privacy_proxy_requests_total)");

    assertThat(replicas.values()).containsExactlyInAnyOrder(31.0, 25.0, 17.0);
    assertThat(replicas.keySet())
        .allMatch(labels -> "edge-proxy".equals(labels.get("job")))
        .allMatch(labels -> labels.get("instance").matches("[0-9a-f-]{36}"));
    fleet.await("count(count by (instance) (target_info))", ANSWERED.length);
    fleet.await("sum(privacy_proxy_requests_by_status{status=\"502\"})", 10);
  }

  @Test
  void answersTheQueryForTheRequestRate() throws Exception {
    Map<Map<String, String>, Double> rates = fleet.prometheus.query(ExportingPage.queries().get(0));

    List<Double> ofReplicas = rates.values().stream().filter(rate -> rate > 0).sorted().toList();
    assertThat(ofReplicas).hasSize(ANSWERED.length);
    // rate() extrapolates, but all series of one scrape alike: their proportion is exact.
    assertThat(ofReplicas.get(2) / ofReplicas.get(0)).isCloseTo(31.0 / 17, within(1e-9));
  }

  @Test
  void answersTheQueryForTheConnectLatency() throws Exception {
    Map<Map<String, String>, Double> latencies =
        fleet.prometheus.query(ExportingPage.queries().get(1));

    assertThat(latencies.values()).hasSize(ANSWERED.length).allMatch(seconds -> seconds > 0);
  }

  @Test
  void answersTheQueryForTheErrorRate() throws Exception {
    double errors = fleet.prometheus.value(ExportingPage.queries().get(2));

    assertThat(errors).isCloseTo(10.0 / (ANSWERED.length + TOTAL), within(1e-9));
  }
}
