package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.testbed.Scrape;
import io.opentelemetry.api.OpenTelemetry;
import org.junit.jupiter.api.Test;

class SelfMetricsTest {
  @Test
  void countsWhatTheGuardKeptAwayFromTraffic() throws Exception {
    try (OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder("edge")
            .naming(MetricNaming.privacyProxy("my_"))
            .prometheus("127.0.0.1", 0)
            .build()) {
      ProxyTelemetry guarded = ProxyTelemetry.guarded(telemetry);
      RequestInfo broken =
          () -> {
            throw new IllegalStateException("secret");
          };
      for (int i = 0; i < 3; i++) {
        ExchangeObservation exchange = guarded.startExchange(broken);
        exchange.end();
      }
      Scrape scrape = Scrape.of(telemetry.prometheusAddress("prometheus"));
      assertThat(scrape.value("my_telemetry_errors_total")).isEqualTo(3);
      assertThat(scrape.text()).doesNotContain("secret").contains("my_telemetry_exports_total{");
      assertThat(telemetry.health().isHealthy()).isTrue();
      assertThat(telemetry.health().exporters().get(0).exporter()).isEqualTo("prometheus");
    }
  }

  @Test
  void knowsOfNoExporters_whereTheyAreTheHosts() {
    try (OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(OpenTelemetry.noop())) {
      assertThat(telemetry.health().exporters()).isEmpty();
      assertThat(telemetry.health().isHealthy()).isTrue();
    }
  }

  @Test
  void hasThePrefixOfTheOtherNames() {
    assertThat(SelfMetrics.prefix(MetricNaming.PRIVACY_PROXY)).isEqualTo("privacy_proxy_");
    assertThat(SelfMetrics.prefix(MetricNaming.privacyProxy(""))).isEmpty();
    assertThat(SelfMetrics.prefix(MetricNaming.KRAKEND)).isEqualTo("privacy_proxy_");
    assertThat(SelfMetrics.prefix(MetricNaming.SEMCONV)).isEqualTo("privacy_proxy_");
    assertThat(SelfMetrics.prefix(instrument -> null)).isEqualTo("privacy_proxy_");
  }
}
