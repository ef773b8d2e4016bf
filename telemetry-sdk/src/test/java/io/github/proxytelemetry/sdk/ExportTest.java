package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.export.Spans;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exporters against collectors that are well, slow, wrong and dead, on real sockets. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ExportTest {
  private static final int BATCH = 512;
  private static final int CAPACITY = 2048;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Collector collector = new Collector();

  @AfterEach
  void stop() {
    collector.close();
  }

  @Test
  void reportsThatEverythingWasDelivered() {
    BareSdk sdk = sdk(LONG);
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    Spans.end(sdk.openTelemetry(), 1000);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.headers("/v1/traces", "x-key")).containsOnly("k");
    assertThat(collector.headers("/v1/traces", "Authorization")).containsOnly("Bearer t1");
    assertThat(collector.headers("/v1/traces", "Content-Encoding")).containsOnly("gzip");
    assertThat(collector.requests("/v1/traces")).isEqualTo(2);
    assertThat(collector.requests("/v1/metrics")).isOne();
    Spans.end(sdk.openTelemetry(), 1);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests("/v1/traces")).isEqualTo(3);
    assertThat(collector.requests("/v1/metrics")).isEqualTo(2);
  }

  @Test
  void reportsHowManyWereLost_whereTheCollectorRefuses() {
    BareSdk sdk = sdk(LONG);
    collector.answer(400);
    Spans.end(sdk.openTelemetry(), 7);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(7));
    collector.answer(200);
    Spans.end(sdk.openTelemetry(), 2);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
  }

  @Test
  void countsWhatTheQueueCouldNotHold() throws Exception {
    BareSdk sdk = sdk(LONG);
    collector.hang();
    Spans.end(sdk.openTelemetry(), BATCH);
    collector.awaitRequest();
    Spans.end(sdk.openTelemetry(), CAPACITY - BATCH + 5);
    collector.release();
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.lost(5));
  }

  @Test
  void reportsThatTimeWasUp_whereTheCollectorHangs() throws Exception {
    BareSdk sdk =
        BareSdk.start(
            ProxyTelemetrySdk.builder("t")
                .otlp(collector.url(), otlp -> otlp.http().withoutMetrics().timeout(LONG)));
    collector.hang();
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(Duration.ofMillis(1))).isEqualTo(Deliveries.timedOut(3));
    collector.awaitRequest();
    assertThat(sdk.close(Duration.ofMillis(1))).isEqualTo(Deliveries.timedOut(3));
  }

  @Test
  void exportsAgain_afterTheCollectorHung() throws Exception {
    BareSdk sdk = sdk(Duration.ofMillis(200));
    collector.hang();
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(Duration.ofMillis(500))).isEqualTo(Deliveries.timedOut(3));
    collector.release();
    Spans.end(sdk.openTelemetry(), 4);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    // Those of the first batch were kept, and came with the next.
    assertThat(sdk.health().get(1).delivered()).isEqualTo(7);
  }

  @Test
  void exportsMetricsAgain_afterTheCollectorHung() throws Exception {
    BareSdk sdk =
        BareSdk.start(
            ProxyTelemetrySdk.builder("t")
                .metricInterval(Duration.ofMillis(20))
                .otlp(
                    collector.url(),
                    otlp -> otlp.http().withoutTraces().timeout(Duration.ofMillis(100))));
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    collector.hang();
    collector.awaitRequest();
    collector.awaitRequest();
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(1));
    collector.release();
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
  }

  @Test
  void oneDeadCollectorDoesNotStopTheOther() {
    BareSdk sdk =
        BareSdk.start(
            ProxyTelemetrySdk.builder("t")
                .otlp("127.0.0.1:1", otlp -> otlp.timeout(LONG))
                .otlp(collector.url(), otlp -> otlp.http()));
    Spans.end(sdk.openTelemetry(), 3);
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    Delivery delivery = sdk.close(Duration.ofSeconds(5));
    assertThat(delivery.status()).isNotEqualTo(Delivery.Status.DELIVERED);
    assertThat(delivery.lost()).isEqualTo(4);
    assertThat(collector.requests("/v1/traces")).isOne();
    assertThat(collector.requests("/v1/metrics")).isOne();
  }

  private BareSdk sdk(Duration timeout) {
    return BareSdk.start(
        ProxyTelemetrySdk.builder("t")
            .otlp(
                collector.url(),
                otlp ->
                    otlp.http()
                        .gzip()
                        .timeout(timeout)
                        .interval(Duration.ofHours(1))
                        .header("x-key", "k")
                        .bearerToken(() -> "t1")));
  }
}
