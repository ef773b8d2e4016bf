package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.export.Spans;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is lost at the end, or between two exports, that could have been delivered. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LastExportTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String METRICS = "/v1/metrics";

  private final Collector collector = new Collector();

  @AfterEach
  void stop() {
    collector.close();
  }

  @Test
  void triesMetricsAgain_whereThereIsNoNextExport() throws Exception {
    BareSdk sdk = metrics(collector.url());
    collector.answer(503);
    ExecutorService other = Executors.newSingleThreadExecutor();
    Future<Delivery> closed = other.submit(() -> sdk.close(LONG));
    long end = System.nanoTime() + LONG.toNanos();
    while (sdk.health().get(0).failures() == 0 && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    collector.answer(200);
    assertThat(closed.get()).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests(METRICS)).isGreaterThanOrEqualTo(2);
    assertThat(sdk.health().get(0).delivered()).isEqualTo(1);
    other.shutdown();
  }

  @Test
  void exports_whereTheThreadThatClosesWasInterrupted() {
    BareSdk sdk = metrics(collector.url());
    Thread.currentThread().interrupt();
    Delivery delivery = sdk.close(LONG);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(delivery).isEqualTo(Deliveries.delivered());
  }

  @Test
  void believesNoMoreRejected_thanWereSent() {
    collector.answerWith(
        ExportMetricsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportMetricsPartialSuccess.newBuilder().setRejectedDataPoints(Long.MAX_VALUE))
            .build()
            .toByteArray());
    BareSdk sdk =
        BareSdk.start(
            ProxyTelemetrySdk.builder("t")
                .otlp(collector.url(), otlp -> otlp.http().withoutTraces())
                .otlp(collector.url(), otlp -> otlp.http().withoutTraces()));
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.lost(2));
    assertThat(sdk.health().get(0).dropped()).containsEntry("rejected", 1L);
  }

  @Test
  void countsMetricsOnce_whereNoAnswerCame() {
    BareSdk sdk = metrics(collector.url());
    collector.hang();
    assertThat(sdk.flush(Duration.ofMillis(300))).isEqualTo(Deliveries.timedOut(1));
    assertThat(sdk.close(Duration.ofMillis(300))).isEqualTo(Deliveries.timedOut(1));
  }

  @Test
  void keepsTheBatch_whereTheCollectorAsksForMoreSecondsThanAnIntHas() {
    ProxyTelemetrySdk sdk = spans(collector.url());
    collector.answer(503, "2147483648");
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.timedOut(3));
    ExporterHealth health = sdk.health().exporters().get(0);
    assertThat(health.queued()).isEqualTo(3);
    assertThat(health.exports()).containsEntry("unavailable", 1L).containsEntry("error", 0L);
    sdk.close(Duration.ZERO);
  }

  @Test
  void losesNothing_whereABalancerDroppedTheIdleConnection() throws Exception {
    try (RudeCollector balancer = new RudeCollector(collector.url())) {
      BareSdk sdk = metrics(balancer.url());
      for (int i = 1; i <= 5; i++) {
        assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
        balancer.dropIdle();
        assertThat(collector.requests(METRICS)).isEqualTo(i);
      }
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(sdk.health().get(0).failures()).isZero();
    }
  }

  @Test
  void flushesTruthfully_whileItCloses() throws Exception {
    BareSdk sdk = metrics(collector.url());
    collector.hang();
    ExecutorService others = Executors.newCachedThreadPool();
    Future<Delivery> closed = others.submit(() -> sdk.close(LONG));
    collector.awaitRequest();
    Future<Delivery> flushed = others.submit(() -> sdk.flush(LONG));
    collector.release();
    assertThat(closed.get()).isEqualTo(Deliveries.delivered());
    assertThat(flushed.get()).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests(METRICS)).isOne();
    others.shutdown();
  }

  private static BareSdk metrics(String endpoint) {
    BareSdk sdk =
        BareSdk.start(
            ProxyTelemetrySdk.builder("t").otlp(endpoint, otlp -> otlp.http().withoutTraces()));
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    return sdk;
  }

  private static ProxyTelemetrySdk spans(String endpoint) {
    return ProxyTelemetrySdk.builder("t")
        .otlp(endpoint, otlp -> otlp.http().withoutMetrics())
        .build();
  }
}
