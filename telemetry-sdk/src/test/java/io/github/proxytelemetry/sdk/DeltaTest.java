package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a receiver accepts adds up to what was recorded, where metrics are differences. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DeltaTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String METRICS = "/v1/metrics";
  private static final String REQUESTS = "privacy_proxy_requests_total";
  private static final String PROCESSING = "privacy_proxy_processing_duration_seconds";

  private final Collector collector = new Collector();

  @AfterEach
  void stop() {
    collector.close();
  }

  @Test
  void addsUp_whereTheReceiverFailsTwice() throws Exception {
    BareSdk sdk =
        BareSdk.start(ProxyTelemetrySdk.builder("t").otlp(collector.url(), DeltaTest::deltas));
    Meter meter = sdk.openTelemetry().getMeter("t");
    collector.answer(503);
    meter.counterBuilder("c").build().add(5);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(1));
    meter.counterBuilder("c").build().add(7);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(1));
    // Held as it was: nothing is collected meanwhile.
    assertThat(collector.bodies(METRICS)).hasSize(2);
    assertThat(collector.bodies(METRICS).get(1)).isEqualTo(collector.bodies(METRICS).get(0));
    assertThat(sdk.health().get(0).queued()).isEqualTo(1);
    collector.answer(200);
    meter.counterBuilder("c").build().add(11);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(sums("c", 2)).containsExactly(5.0, 18.0);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests(METRICS)).isEqualTo(4);
    assertThat(sdk.health().get(0).queued()).isZero();
    assertThat(sdk.health().get(0).delivered()).isEqualTo(2);
  }

  @Test
  void addsUp_whereTheReceiverAcceptsOnlyAtTheClose() throws Exception {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t").otlp(collector.url(), DeltaTest::deltas).build();
    request(telemetry, 2);
    assertThat(telemetry.flush(LONG)).isEqualTo(Deliveries.delivered());
    collector.answer(503);
    request(telemetry, 3);
    telemetry.flush(LONG);
    request(telemetry, 4);
    ExecutorService other = Executors.newSingleThreadExecutor();
    Future<Delivery> closed = other.submit(() -> telemetry.close(LONG));
    await(() -> collector.requests(METRICS) >= 3);
    int refused = collector.requests(METRICS);
    collector.answer(200);
    assertThat(closed.get()).isEqualTo(Deliveries.delivered());
    other.shutdown();
    List<Double> accepted = new ArrayList<>(sums(REQUESTS, 0).subList(0, 1));
    List<Double> later = sums(REQUESTS, refused);
    // One more may have been refused while the answer changed.
    accepted.addAll(later.subList(later.size() - 2, later.size()));
    assertThat(accepted).containsExactly(2.0, 3.0, 4.0);
    assertThat(sums(PROCESSING, refused)).endsWith(3.0, 4.0);
  }

  @Test
  void countsWhatIsLost_whereTheReceiverNeverAccepts() {
    BareSdk sdk =
        BareSdk.start(ProxyTelemetrySdk.builder("t").otlp(collector.url(), DeltaTest::deltas));
    collector.answer(503);
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(5);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(1));
    assertThat(sdk.close(Duration.ZERO).status()).isNotEqualTo(Delivery.Status.DELIVERED);
    await(() -> sdk.health().get(0).dropped().get("shut_down") == 1L);
    assertThat(sdk.health().get(0).queued()).isZero();
  }

  @Test
  void countsWhatIsRefused() {
    BareSdk sdk =
        BareSdk.start(ProxyTelemetrySdk.builder("t").otlp(collector.url(), DeltaTest::deltas));
    collector.answer(400);
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(5);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(1));
    assertThat(sdk.health().get(0).dropped()).containsEntry("rejected", 1L);
    collector.answer(200);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
  }

  @Test
  void sendsEachDifferenceOnce_whereTheyAreTooManyForOneRequest() throws Exception {
    BareSdk sdk =
        BareSdk.start(
            ProxyTelemetrySdk.builder("t")
                .otlp(
                    collector.url(),
                    otlp ->
                        otlp.http()
                            .withoutTraces()
                            .maxRequestSize(2048)
                            .metrics(OtlpMetricOptions::delta)));
    Meter meter = sdk.openTelemetry().getMeter("t");
    for (int i = 0; i < 60; i++) {
      meter.counterBuilder("counter.with.a.long.name." + i).build().add(1);
    }
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests(METRICS)).isGreaterThan(1);
    for (int i = 0; i < 60; i++) {
      assertThat(sums("counter.with.a.long.name." + i, 0)).containsExactly(1.0);
    }
    sdk.close(LONG);
  }

  @ParameterizedTest
  @CsvSource({
    "cumulative, CUMULATIVE, CUMULATIVE",
    "Delta, DELTA, DELTA",
    "lowmemory, CUMULATIVE, DELTA",
    "sums, CUMULATIVE, CUMULATIVE"
  })
  void followsTheVariable(String preference, String counters, String histograms) throws Exception {
    Map<String, String> variables =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            collector.url(),
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "http/protobuf",
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            preference);
    try (ProxyTelemetrySdk telemetry = Configurations.environment(variables).build()) {
      request(telemetry, 1);
      Configurations.flush(telemetry);
      assertThat(metrics(REQUESTS, 0))
          .extracting(metric -> metric.getSum().getAggregationTemporality())
          .containsExactly(temporality(counters));
      assertThat(metrics(PROCESSING, 0))
          .extracting(metric -> metric.getHistogram().getAggregationTemporality())
          .containsExactly(temporality(histograms));
      assertThat(metrics("privacy_proxy_requests_in_progress", 0))
          .extracting(metric -> metric.getSum().getAggregationTemporality())
          .containsExactly(temporality("CUMULATIVE"));
    }
  }

  @Test
  void sendsExponentialHistograms_whereAnOptionOrAVariableAsksForThem() throws Exception {
    Map<String, String> variables =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            collector.url(),
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "http/protobuf",
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "base2_exponential_bucket_histogram");
    try (ProxyTelemetrySdk telemetry = Configurations.environment(variables).build()) {
      request(telemetry, 3);
      Configurations.flush(telemetry);
    }
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("t")
            .otlp(
                collector.url(),
                otlp -> otlp.http().metrics(OtlpMetricOptions::exponentialHistograms));
    try (ProxyTelemetrySdk telemetry = builder.build()) {
      request(telemetry, 3);
      Configurations.flush(telemetry);
    }
    List<Metric> metrics = metrics(PROCESSING, 0);
    assertThat(metrics).hasSizeGreaterThanOrEqualTo(2);
    assertThat(metrics)
        .allSatisfy(
            metric -> {
              assertThat(metric.hasExponentialHistogram()).isTrue();
              assertThat(metric.getExponentialHistogram().getDataPoints(0).getCount()).isEqualTo(3);
            });
  }

  private static AggregationTemporality temporality(String name) {
    return AggregationTemporality.valueOf("AGGREGATION_TEMPORALITY_" + name);
  }

  private static void deltas(OtlpOptions otlp) {
    otlp.http().withoutTraces().metrics(OtlpMetricOptions::delta);
  }

  private static void request(ProxyTelemetrySdk telemetry, int times) {
    for (int i = 0; i < times; i++) {
      ExchangeObservation exchange = telemetry.startExchange(Request.GET);
      exchange.responseStarted(200, new Headers(), Headers.ACCESS);
      exchange.end();
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  /** Sums, or the counts of histograms, of each request that has the metric, from an index on. */
  private List<Double> sums(String name, int from) throws InvalidProtocolBufferException {
    return metrics(name, from).stream()
        .map(
            metric ->
                metric.hasHistogram()
                    ? metric.getHistogram().getDataPointsList().stream()
                        .mapToDouble(point -> point.getCount())
                        .sum()
                    : metric.getSum().getDataPointsList().stream()
                        .mapToDouble(point -> point.getAsInt() + point.getAsDouble())
                        .sum())
        .toList();
  }

  private List<Metric> metrics(String name, int from) throws InvalidProtocolBufferException {
    List<Metric> found = new ArrayList<>();
    List<ByteString> bodies = collector.bodies(METRICS);
    for (ByteString body : bodies.subList(from, bodies.size())) {
      ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().stream()
          .flatMap(resource -> resource.getScopeMetricsList().stream())
          .flatMap(scope -> scope.getMetricsList().stream())
          .filter(metric -> metric.getName().equals(name))
          .forEach(found::add);
    }
    return found;
  }
}
