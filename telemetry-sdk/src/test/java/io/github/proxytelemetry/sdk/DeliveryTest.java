package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.FreePort;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flush and close tell the truth, whatever the collector does. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DeliveryTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(400);

  private final Collector collector = new Collector();

  @AfterEach
  void stop() {
    collector.close();
  }

  @Test
  void keepsWhatADownCollectorCouldNotTake() throws IOException {
    ProxyTelemetrySdk sdk = sdk("http://127.0.0.1:" + FreePort.next());
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(SHORT)).isEqualTo(Deliveries.timedOut(3));
    assertThat(exporter(sdk).queued()).isEqualTo(3);
    assertThat(exporter(sdk).exports().get("unavailable")).isPositive();
    assertThat(sdk.close(SHORT)).isEqualTo(Deliveries.timedOut(3));
    assertThat(exporter(sdk).dropped()).containsEntry("shut_down", 3L);
  }

  @Test
  void waitsForTheBody_whereTheCollectorHangsInIt() {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.hang();
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(SHORT)).isEqualTo(Deliveries.timedOut(3));
    assertThat(exporter(sdk).delivered()).isZero();
    assertThat(sdk.close(SHORT)).isEqualTo(Deliveries.timedOut(3));
  }

  @Test
  void endsInTime_whereTheCollectorDrips() {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.drip();
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(Duration.ofSeconds(1))).isEqualTo(Deliveries.timedOut(3));
    assertThat(exporter(sdk).exports().get("timed_out")).isPositive();
    assertThat(sdk.close(SHORT)).isEqualTo(Deliveries.timedOut(3));
  }

  @Test
  void leavesTheCollectorAlone_asLongAsItAskedFor() {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.answer(503, "3600");
    Spans.end(sdk.openTelemetry(), 3);
    // None of these waits to its end: the next attempt would be later.
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.timedOut(3));
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.timedOut(3));
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.timedOut(3));
    assertThat(collector.requests("/v1/traces")).isOne();
  }

  @Test
  void triesAgain_afterTheTimeItAskedFor() {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.answer(429, "1");
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(SHORT)).isEqualTo(Deliveries.timedOut(3));
    collector.answer(200, "");
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests("/v1/traces")).isEqualTo(2);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 415, 500, 501, 505, 301, 307})
  void triesOnlyOnce_whatTheCollectorDoesNotWant(int status) {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.answer(status);
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(3));
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests("/v1/traces")).isOne();
    assertThat(exporter(sdk).dropped()).containsEntry("rejected", 3L);
    assertThat(exporter(sdk).healthy()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"429,garbage", "502,''", "503,-1", "504,0"})
  void triesAgain_whatTheCollectorMayYetTake(int status, String retryAfter) {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.answer(status, retryAfter);
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(SHORT)).isEqualTo(Deliveries.timedOut(3));
    collector.answer(200, "");
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(exporter(sdk).delivered()).isEqualTo(3);
  }

  @Test
  void countsWhatOfABatchWasRejected() {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.answerWith(
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(2)
                    .setErrorMessage("too old"))
            .build()
            .toByteArray());
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(2));
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests("/v1/traces")).isOne();
    assertThat(exporter(sdk).delivered()).isOne();
    assertThat(exporter(sdk).dropped()).containsEntry("rejected", 2L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>It works</html>", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"})
  void takesA200ForASuccess_whateverElseItSays(String body) {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.answerWith(body.getBytes(StandardCharsets.ISO_8859_1));
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests("/v1/traces")).isOne();
  }

  @Test
  void readsNoEndlessAnswer() {
    ProxyTelemetrySdk sdk = sdk(collector.url());
    collector.answerWith(new byte[5 * 1024 * 1024]);
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.lost(3));
  }

  private static ExporterHealth exporter(ProxyTelemetrySdk sdk) {
    return sdk.health().exporters().get(0);
  }

  private static ProxyTelemetrySdk sdk(String endpoint) {
    return ProxyTelemetrySdk.builder("t")
        .otlp(endpoint, otlp -> otlp.http().withoutMetrics().timeout(Duration.ofMillis(200)))
        .build();
  }
}
