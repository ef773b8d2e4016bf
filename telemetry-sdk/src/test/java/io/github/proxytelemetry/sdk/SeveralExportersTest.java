package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.OtlpReceiver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many exporters at once, each for itself. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SeveralExportersTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final AttributeKey<String> KEY = AttributeKey.stringKey("key");

  @Test
  void oneDeadCollectorTakesNothingFromTheOthers() throws Exception {
    try (OtlpGrpcReceiver alive = OtlpGrpcReceiver.start()) {
      BareSdk sdk =
          BareSdk.start(
              ProxyTelemetrySdk.builder("t")
                  .otlp(
                      "127.0.0.1:" + FreePort.next(),
                      otlp -> otlp.name("dead").interval(Duration.ofMillis(50)).timeout(SHORT))
                  .otlp(alive.endpoint(), otlp -> otlp.name("alive").interval(Duration.ofHours(1)))
                  .prometheus("127.0.0.1", 0, options -> options.name("first"))
                  .prometheus("127.0.0.1", 0, options -> options.name("second")));
      LongCounter counter = sdk.openTelemetry().getMeter("t").counterBuilder("c").build();
      for (int i = 0; i < 10; i++) {
        counter.add(i, Attributes.of(KEY, "k" + i));
      }
      Spans.end(sdk.openTelemetry(), 1000);
      for (String name : List.of("first", "second")) {
        String text = Scraping.get(sdk.prometheusAddress(name), "text/plain");
        for (int i = 0; i < 10; i++) {
          assertThat(text).contains("c_total{key=\"k" + i + "\"} " + i + ".0");
        }
      }
      assertThat(sdk.close(Duration.ofSeconds(2))).isEqualTo(Deliveries.timedOut(1000 + 10));
      assertThat(alive.received().spans()).hasSize(1000);
      assertThat(alive.received().total("c")).isEqualTo(45);
      assertThat(alive.received().metric("c")).hasSize(10).containsEntry(Map.of("key", "k9"), 9.0);
      ExporterHealth aliveTraces = exporter(sdk.health(), "alive", "traces");
      assertThat(aliveTraces.delivered()).isEqualTo(1000);
      assertThat(aliveTraces.totalDropped() + aliveTraces.failures()).isZero();
      assertThat(exporter(sdk.health(), "dead", "traces").dropped())
          .containsEntry("shut_down", 1000L);
      assertThat(sdk.health().stream().allMatch(ExporterHealth::healthy)).isFalse();
    }
  }

  @Test
  void eachHasItsOwnSignals() throws Exception {
    try (OtlpGrpcReceiver traces = OtlpGrpcReceiver.start();
        OtlpHttpReceiver metrics = OtlpHttpReceiver.start()) {
      ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("t")
              .otlp(traces.endpoint(), otlp -> otlp.withoutMetrics())
              .otlp(metrics.endpoint(), otlp -> otlp.http().withoutTraces().processMetrics(true))
              .build();
      sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(7);
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(traces.received().spans()).hasSize(3);
      assertThat(traces.received().metricNames()).isEmpty();
      assertThat(metrics.received().spans()).isEmpty();
      assertThat(metrics.received().total("c")).isEqualTo(7);
      assertThat(metrics.received().metricNames()).contains("process.cpu.time", "process.uptime");
    }
  }

  @Test
  void takesNoProxy_whateverTheRuntimeIsToldTo() throws Exception {
    List<URI> asked = new CopyOnWriteArrayList<>();
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(new Recording(asked));
    try (OtlpGrpcReceiver grpc = OtlpGrpcReceiver.start();
        OtlpHttpReceiver http = OtlpHttpReceiver.start()) {
      ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("t")
              .otlp(grpc.endpoint(), otlp -> {})
              .otlp(http.endpoint(), OtlpOptions::http)
              .build();
      sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(7);
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      for (OtlpReceiver receiver : List.of(grpc, http)) {
        assertThat(receiver.received().spans()).hasSize(3);
        assertThat(receiver.received().total("c")).isEqualTo(7);
      }
      assertThat(asked).isEmpty();
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void reportsOfItselfWhatItDid() throws Exception {
    try (OtlpHttpReceiver receiver = OtlpHttpReceiver.start()) {
      ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("t")
              .otlp(receiver.endpoint(), otlp -> otlp.http().name("o"))
              .prometheus("127.0.0.1", 0, options -> options.name("p"))
              .recording(options -> options.naming(MetricNaming.privacyProxy("my_")))
              .build();
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(Scraping.get(sdk.prometheusAddress("p"), "text/plain"))
          .contains(
              "my_telemetry_exports_total{exporter=\"o\",outcome=\"delivered\",signal=\"traces\"}"
                  + " 1.0",
              "my_telemetry_exports_total{exporter=\"o\",outcome=\"timed_out\",signal=\"traces\"}"
                  + " 0.0",
              "my_telemetry_items_delivered_total{exporter=\"o\",signal=\"traces\"} 3.0",
              "my_telemetry_items_dropped_total{exporter=\"o\",reason=\"queue_full\","
                  + "signal=\"traces\"} 0.0",
              "my_telemetry_items_queued{exporter=\"o\",signal=\"traces\"} 0.0");
      // Counted after the answer, which may be here by then.
      long deadline = System.nanoTime() + LONG.toNanos();
      while (exporter(sdk.health().exporters(), "p", "metrics").lastSuccess() == null
          && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      ExporterHealth scrapes = exporter(sdk.health().exporters(), "p", "metrics");
      assertThat(scrapes.exports()).containsEntry("delivered", 1L);
      assertThat(scrapes.lastSuccess()).isNotNull();
      assertThat(sdk.health().isHealthy()).isTrue();
      sdk.close(LONG);
    }
  }

  private static ExporterHealth exporter(
      List<ExporterHealth> exporters, String name, String signal) {
    return exporters.stream()
        .filter(health -> health.exporter().equals(name) && health.signal().equals(signal))
        .findFirst()
        .orElseThrow();
  }

  private static final class Recording extends ProxySelector {
    private final List<URI> asked;

    Recording(List<URI> asked) {
      this.asked = asked;
    }

    @Override
    public List<Proxy> select(URI uri) {
      asked.add(uri);
      return List.of(Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
  }
}
