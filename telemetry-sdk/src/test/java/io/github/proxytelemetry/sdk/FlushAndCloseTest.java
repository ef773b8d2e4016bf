package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.FreePort;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Flush alone and close alone, of spans and of metrics, tell the truth of a collector that fails.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FlushAndCloseTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  private enum Fault {
    DOWN,
    HANGS_IN_THE_BODY,
    DRIPS,
    IS_BUSY_FOR_AN_HOUR
  }

  private final Collector collector = new Collector();

  @AfterEach
  void stop() {
    collector.close();
  }

  @ParameterizedTest
  @EnumSource
  void flush_saysThatSpansDidNotArrive(Fault fault) throws IOException {
    ProxyTelemetrySdk sdk = sdk(fault, OtlpOptions::withoutMetrics);
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(SHORT)).isEqualTo(Deliveries.timedOut(3));
    assertThat(sdk.health().exporters().get(0).queued()).isEqualTo(3);
    sdk.close(Duration.ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void close_saysThatSpansDidNotArrive(Fault fault) throws IOException {
    ProxyTelemetrySdk sdk = sdk(fault, OtlpOptions::withoutMetrics);
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.close(SHORT)).isEqualTo(Deliveries.timedOut(3));
    ExporterHealth health = sdk.health().exporters().get(0);
    assertThat(health.delivered()).isZero();
    assertThat(health.queued() + health.totalDropped()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void flush_saysThatMetricsDidNotArrive(Fault fault) throws IOException {
    ProxyTelemetrySdk sdk = sdk(fault, OtlpOptions::withoutTraces);
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    assertThatMetricsAreMissing(sdk.flush(SHORT));
    assertThat(sdk.health().exporters().get(0).delivered()).isZero();
    sdk.close(Duration.ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void close_saysThatMetricsDidNotArrive(Fault fault) throws IOException {
    ProxyTelemetrySdk sdk = sdk(fault, OtlpOptions::withoutTraces);
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    assertThatMetricsAreMissing(sdk.close(SHORT));
    assertThat(sdk.health().exporters().get(0).delivered()).isZero();
  }

  /** Metrics are tried once, which may be over before the time is. */
  private static void assertThatMetricsAreMissing(Delivery delivery) {
    assertThat(delivery.status()).isIn(Delivery.Status.PARTIAL, Delivery.Status.TIMED_OUT);
    assertThat(delivery.lost()).isPositive();
  }

  private ProxyTelemetrySdk sdk(Fault fault, java.util.function.Consumer<OtlpOptions> signal)
      throws IOException {
    switch (fault) {
      case HANGS_IN_THE_BODY -> collector.hang();
      case DRIPS -> collector.drip();
      case IS_BUSY_FOR_AN_HOUR -> collector.answer(503, "3600");
      case DOWN -> {}
    }
    String endpoint = fault == Fault.DOWN ? "http://127.0.0.1:" + FreePort.next() : collector.url();
    return ProxyTelemetrySdk.builder("t")
        .otlp(endpoint, otlp -> signal.accept(otlp.http().timeout(Duration.ofMillis(200))))
        .build();
  }
}
