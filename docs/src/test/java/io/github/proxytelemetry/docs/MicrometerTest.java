package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.Delivery;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Meters of a host that has Micrometer, through OpenTelemetry's registry into this SDK. */
class MicrometerTest {
  private final OtlpHttpReceiver receiver = OtlpHttpReceiver.start();
  private final ProxyTelemetrySdk telemetry =
      ProxyTelemetrySdk.builder("test")
          .otlp(receiver.endpoint(), otlp -> otlp.http())
          .prometheus("127.0.0.1", 0)
          .build();
  private final MeterRegistry registry = RecipeSamples.micrometer(telemetry);

  @BeforeEach
  void record() {
    registry.counter("orders", "kind", "paper").increment(3);
    registry.timer("checkout").record(Duration.ofMillis(250));
    registry.summary("basket.size").record(5);
    Gauge.builder("queue.length", () -> 7).register(registry);
    exchange();
  }

  @AfterEach
  void close() {
    telemetry.close();
    receiver.close();
  }

  @Test
  void aScrapeHasBoth() throws Exception {
    assertThat(scrape())
        .containsOnlyOnce("\norders_total{kind=\"paper\"} 3.0\n")
        .containsPattern("\ncheckout_seconds_count.* 1\n")
        .containsPattern("\ncheckout_seconds_sum.* 0\\.25\n")
        .containsPattern("\nbasket_size_count.* 1\n")
        .containsPattern("\nqueue_length.* 7\\.0\n")
        .containsPattern("\nprivacy_proxy_requests_total\\{.* 1\\.0\n");
  }

  @Test
  void anOtlpExportHasBoth() {
    assertThat(telemetry.flush(Duration.ofMinutes(1)).status())
        .isEqualTo(Delivery.Status.DELIVERED);
    assertThat(receiver.received().metric("orders"))
        .isEqualTo(Map.of(Map.of("kind", "paper"), 3.0));
    assertThat(receiver.received().total("privacy_proxy_requests_total")).isEqualTo(1);
  }

  @Test
  void aRegistryThatIsClosedLeavesTheTelemetryRunning() throws Exception {
    registry.close();
    exchange();
    assertThat(scrape()).containsPattern("\nprivacy_proxy_requests_total\\{.* 2\\.0\n");
  }

  @Test
  void aRegistryOutlivesTheTelemetry() {
    telemetry.close();
    registry.counter("orders", "kind", "paper").increment();
    registry.counter("later").increment();
  }

  private String scrape() throws Exception {
    InetSocketAddress address = telemetry.prometheusAddress("prometheus");
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  private void exchange() {
    telemetry.startExchange(() -> "GET").end();
  }
}
