package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.Scrape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Gauges of the host's pools, as a collector and Prometheus see them. */
class HostGaugesTest {
  @Test
  void haveOneSeriesForEachPool() throws Exception {
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start();
        ProxyTelemetrySdk telemetry =
            ProxyTelemetrySdk.builder("edge")
                .otlp(collector.endpoint(), otlp -> otlp.interval(Duration.ofHours(1)))
                .prometheus("127.0.0.1", 0)
                .build()) {
      List<String> pools = List.of("orders", "search", "users");
      for (String pool : pools) {
        telemetry.gauge(
            "pool.connections", "{connection}", Map.of("pool.name", pool), () -> pool.length());
      }
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  telemetry.gauge(
                      "pool.connections", "{connection}", Map.of("pool.name", "users"), () -> 1));

      Scrape scrape = Scrape.of(telemetry.prometheusAddress("prometheus"));
      assertThat(scrape.text().lines().filter(line -> line.contains("pool_connections")))
          .containsExactlyInAnyOrder(
              "# HELP pool_connections A value of the host",
              "# TYPE pool_connections gauge",
              "pool_connections{pool_name=\"orders\"} 6.0",
              "pool_connections{pool_name=\"search\"} 6.0",
              "pool_connections{pool_name=\"users\"} 5.0");

      assertThat(telemetry.flush(Duration.ofSeconds(60)).status())
          .isEqualTo(Delivery.Status.DELIVERED);
      assertThat(collector.received().metric("pool.connections"))
          .isEqualTo(
              Map.of(
                  Map.of("pool.name", "orders"), 6.0,
                  Map.of("pool.name", "search"), 6.0,
                  Map.of("pool.name", "users"), 5.0));
    }
  }
}
