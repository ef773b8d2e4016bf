package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the demo does is on the dashboards, and so is each of its faults. */
@RequiresProgram("prometheus")
class DemoTrafficTest {
  private static final SeriesNames NAMES =
      new SeriesNames("privacy-proxy", MetricNaming.PRIVACY_PROXY);

  /** It forwards what clients encrypt, and hands requests to no queue. */
  private static final List<String> NOT_OF_A_FORWARD_PROXY =
      List.of("privacy_proxy_queue_duration", "privacy_proxy_tls_handshake_duration");

  /** What only a fault makes. */
  private static final List<String> FAULTS =
      List.of(
          "privacy_proxy_errors_total{error='connection_refused',side='upstream'} > 0",
          "privacy_proxy_errors_total{error='connection_terminated',side='upstream'} > 0",
          "privacy_proxy_errors_total{error='client_abort',side='downstream'} > 0",
          "histogram_quantile(1, rate(privacy_proxy_first_byte_latency_seconds_bucket[1m])) > 0.2",
          "rate(privacy_proxy_telemetry_exports_total{outcome='unavailable'}[1m]) > 0");

  @Test
  void isOnTheDashboards() throws Exception {
    List<String> queries = Queries.recorded(NAMES);
    for (String dashboard : List.of("overview", "depth", "exporters")) {
      queries.addAll(Queries.of(dashboard, NAMES, ".*"));
    }
    List<String> others = queries.stream().filter(DemoTrafficTest::isOfAnotherProxy).toList();
    queries.removeAll(others);
    assertThat(others).hasSize(4);
    assertThat(queries).hasSizeGreaterThan(40);

    try (RunningDemo demo = RunningDemo.start();
        RealPrometheus prometheus = RealPrometheus.scraping(demo.metrics())) {
      for (String fault : demo.faults()) {
        demo.cause(fault);
      }
      assertThat(Queries.withoutAnswer(queries, prometheus)).isEmpty();
      assertThat(Queries.withoutAnswer(FAULTS, prometheus)).isEmpty();
      for (String query : others) {
        assertThat(Queries.hasAnswer(query, prometheus)).as(query).isFalse();
      }
    }
  }

  private static boolean isOfAnotherProxy(String query) {
    return NOT_OF_A_FORWARD_PROXY.stream().anyMatch(query::contains);
  }
}
