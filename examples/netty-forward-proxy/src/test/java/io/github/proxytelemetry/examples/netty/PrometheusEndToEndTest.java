package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.testbed.Promtool;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A known traffic, scraped and asked about by the real Prometheus. */
@RequiresProgram({"prometheus", "promtool"})
class PrometheusEndToEndTest {
  private static final int GETS = 40;
  private static final int TUNNELS = 10;
  private static final int BLOCKED = 6;
  private static final int REFUSED = 4;
  private static final int TOTAL = GETS + TUNNELS + BLOCKED + REFUSED;

  /** Long enough to hold the whole test, so that every increase is in it. */
  private static final String RANGE = "[60s]";

  private static ProxyFixture fixture;
  private static Scrape before;
  private static RealPrometheus prometheus;

  @BeforeAll
  static void sendTraffic() throws Exception {
    fixture = ProxyFixture.start();
    // A histogram without values is not exported, and rate() needs a first value to start from.
    // With a method and a status of its own this request adds to no other rate.
    try (RawClient client = fixture.client()) {
      client.send("DELETE " + fixture.url("/status?code=404") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
    }
    before = fixture.awaitIdle();
    prometheus = RealPrometheus.scraping(fixture.proxy.metricsAddress());
    String refused = ProxyFixture.refused();
    for (int i = 0; i < GETS; i++) {
      assertThat(fixture.get(fixture.url("/bytes?n=1000"))).isEqualTo(200);
    }
    for (int i = 0; i < TUNNELS; i++) {
      assertThat(fixture.getThroughTunnel("/hello")).isEqualTo(200);
    }
    for (int i = 0; i < BLOCKED; i++) {
      assertThat(fixture.get("http://" + ProxyFixture.BLOCKED + "/")).isEqualTo(403);
    }
    for (int i = 0; i < REFUSED; i++) {
      assertThat(fixture.get(refused)).isEqualTo(502);
    }
    fixture.awaitIdle();
    awaitScrape();
  }

  @AfterAll
  static void stop() throws Exception {
    if (prometheus != null) {
      prometheus.close();
    }
    fixture.close();
  }

  @Test
  void countsWhatTheClientSent() throws Exception {
    assertThat(prometheus.value("privacy_proxy_connections_total")).isEqualTo(TOTAL + 1);
    assertThat(prometheus.value("privacy_proxy_requests_total{method=\"GET\"}"))
        .isEqualTo(TOTAL - TUNNELS);
    assertThat(prometheus.value("privacy_proxy_requests_total{method=\"CONNECT\"}"))
        .isEqualTo(TUNNELS);
    assertThat(prometheus.value("privacy_proxy_requests_by_status{status=\"200\"}"))
        .isEqualTo(GETS + TUNNELS);
    assertThat(prometheus.value("privacy_proxy_requests_by_status{status=\"403\"}"))
        .isEqualTo(BLOCKED);
    assertThat(prometheus.value("privacy_proxy_requests_by_status{status=\"502\"}"))
        .isEqualTo(REFUSED);
    assertThat(prometheus.value("privacy_proxy_connect_latency_seconds_count"))
        .isEqualTo(GETS + TUNNELS + 1);
    assertThat(prometheus.value("privacy_proxy_connections_active")).isZero();
  }

  @Test
  void answersTheQueryForTheRequestRate() throws Exception {
    Map<Map<String, String>, Double> rates =
        prometheus.query("rate(privacy_proxy_requests_total" + RANGE + ")");

    // rate() extrapolates, but all series of one scrape alike: their proportion is exact.
    assertThat(rateOf(rates, "GET") / rateOf(rates, "CONNECT"))
        .isCloseTo((TOTAL - TUNNELS) / (double) TUNNELS, within(1e-9));
    assertThat(rateOf(rates, "POST")).isZero();
  }

  @Test
  void answersTheQueryForTheErrorRate() throws Exception {
    double errorRate =
        prometheus.value(
            "sum(rate(privacy_proxy_requests_by_status{status=~\"5..\"}"
                + RANGE
                + ")) / sum(rate(privacy_proxy_requests_total"
                + RANGE
                + "))");

    assertThat(errorRate).isCloseTo(REFUSED / (double) TOTAL, within(1e-9));
  }

  @Test
  void answersTheQueryForTheConnectLatency() throws Exception {
    double p95 =
        prometheus.value(
            "histogram_quantile(0.95, rate(privacy_proxy_connect_latency_seconds_bucket"
                + RANGE
                + "))");

    // rate() extrapolates each bucket a little differently, by up to one value in fifty.
    Scrape sent = fixture.scrape().since(before);
    assertThat(p95)
        .isBetween(
            sent.quantile(0.90, "privacy_proxy_connect_latency_seconds"),
            sent.quantile(0.99, "privacy_proxy_connect_latency_seconds"));
  }

  @Test
  void namesTheMetricsAsPrivacyProxyDoes() throws Exception {
    for (String name :
        List.of(
            "connections_total",
            "connections_active",
            "connections_duration_seconds_bucket",
            "requests_total",
            "requests_by_status",
            "bytes_sent_total",
            "bytes_received_total",
            "connect_latency_seconds_bucket",
            "first_byte_latency_seconds_bucket")) {
      assertThat(prometheus.query("privacy_proxy_" + name)).as(name).isNotEmpty();
    }
  }

  @Test
  void satisfiesPromtool() throws Exception {
    for (String accept : List.of("*/*", "text/plain;version=0.0.4")) {
      String text = Scrape.get(fixture.proxy.metricsAddress(), accept);
      assertThat(text).contains("privacy_proxy_requests_total{method=\"GET\"}");
      assertThat(Promtool.checkMetrics(text)).isEmpty();
    }
  }

  private static double rateOf(Map<Map<String, String>, Double> rates, String method) {
    return rates.entrySet().stream()
        .filter(rate -> method.equals(rate.getKey().get("method")))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Waits for a scrape that was made after the last request had ended. */
  private static void awaitScrape() throws Exception {
    long deadline = System.nanoTime() + ProxyFixture.LIMIT.toNanos();
    while (prometheus.value("sum(privacy_proxy_requests_by_status)") != TOTAL + 1
        || prometheus.value("privacy_proxy_connections_active") != 0
        || prometheus.value("privacy_proxy_connections_duration_seconds_count") != TOTAL + 1) {
      assertThat(System.nanoTime()).as("not scraped in time").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
