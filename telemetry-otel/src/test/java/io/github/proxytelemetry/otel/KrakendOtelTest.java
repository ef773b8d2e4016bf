package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Labels, units and buckets of the metrics that KrakenD exports today. */
class KrakendOtelTest {
  private static final Request POST = new Request("POST", "/r/7", new Headers());

  static final List<MetricNaming> OTEL_NAMINGS =
      List.of(MetricNaming.KRAKEND_OTEL, MetricNaming.KRAKEND_OTEL_1_27);

  static final List<MetricNaming> OTHER_NAMINGS =
      List.of(MetricNaming.KRAKEND, MetricNaming.PRIVACY_PROXY, MetricNaming.SEMCONV);

  private final Bench bench = Bench.layeredMetrics(MetricNaming.KRAKEND_OTEL, Layers.all());

  @Test
  void tellsWhoAskedWhom() {
    exchange(200, 200).end();
    assertThat(labels("krakend.backend.duration"))
        .containsExactly(backend().putAll(result(true, false, false)).build());
    assertThat(labels("krakend.proxy.duration"))
        .containsExactly(
            result(true, false, false).toBuilder()
                .put("http.request.method", "POST")
                .put("http.route", "/r/{id}")
                .build());
    assertThat(labels("http.client.duration"))
        .containsExactly(client().put("http.response.status_code", 200).build());
    // Known before there is an answer.
    assertThat(labels("http.client.request.started.count")).containsExactly(client().build());
  }

  @Test
  void tellsTheResultOfAStage() {
    exchange(404, 200).end();
    assertThat(labels("krakend.backend.duration"))
        .containsExactly(backend().putAll(result(false, false, true)).build());
    assertThat(labels("krakend.proxy.duration")).singleElement().satisfies(this::isIncomplete);
  }

  @Test
  void tellsACanceledStage() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    exchange.route("/r/{id}");
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    attempt.cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    assertThat(labels("krakend.backend.duration"))
        .containsExactly(backend().putAll(result(false, true, false)).build());
    assertThat(labels("krakend.proxy.duration"))
        .singleElement()
        .satisfies(
            labels ->
                assertThat(labels.asMap().entrySet())
                    .containsAll(result(false, true, false).asMap().entrySet()));
  }

  @Test
  void tellsAFailedRead() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(200);
    attempt.responseBytes(7);
    attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    exchange.end();
    assertThat(labels("http.client.response.read.time"))
        .singleElement()
        .satisfies(
            labels ->
                assertThat(labels.asMap().entrySet())
                    .containsAll(
                        Attributes.builder().put("error", true).build().asMap().entrySet()));
    assertThat(labels("http.client.response.no-content-length")).hasSize(1);
  }

  @ParameterizedTest
  @FieldSource("OTEL_NAMINGS")
  void timesRoundTripsWithoutAnAnswer(MetricNaming naming) {
    Bench inner = Bench.layeredMetrics(naming, Layers.all());
    ExchangeObservation exchange = inner.telemetry.startExchange(POST);
    AttemptObservation refused = exchange.startAttempt(Bench.ORIGIN);
    inner.after(3);
    refused.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation late = exchange.startAttempt(Bench.ORIGIN);
    late.requestStarted(Request.GET);
    inner.after(30);
    late.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
    AttemptObservation canceled = exchange.startAttempt(Bench.ORIGIN);
    inner.after(300);
    canceled.cancel();
    AttemptObservation answered = exchange.startAttempt(Bench.ORIGIN);
    inner.after(3000);
    answered.responseStarted(200);
    inner.after(30_000);
    answered.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    exchange.end();
    assertThat(inner.count(Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS)).isEqualTo(4);
    assertThat(inner.total(Instrument.UPSTREAM_REQUESTS_STARTED_TOTAL)).isEqualTo(4);
    assertThat(inner.sumMillis(Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS))
        .isCloseTo(3333, within(1e-6));
    // Only an answer has a status, so failures are a series of their own.
    AttributeKey<Long> status = HttpAttributes.HTTP_RESPONSE_STATUS_CODE;
    String name = String.valueOf(naming.name(Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS));
    for (HistogramPointData point : inner.metric(name).getHistogramData().getPoints()) {
      boolean answer = point.getAttributes().get(status) != null;
      assertThat(answer).isEqualTo(point.getSum() > 1);
    }
  }

  /** Without the status as a label they would be taken for latencies of answers. */
  @ParameterizedTest
  @FieldSource("OTHER_NAMINGS")
  void timesAnswersAlone_underOtherNames(MetricNaming naming) {
    Bench inner = Bench.layeredMetrics(naming, Layers.all());
    ExchangeObservation exchange = inner.telemetry.startExchange(POST);
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.end();
    assertThat(inner.count(Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS)).isZero();
    assertThat(inner.total(Instrument.UPSTREAM_REQUESTS_FAILED_TOTAL)).isOne();
  }

  @Test
  void tellsNoEndpoint_ofACallOfTheHostItself() {
    AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
    call.requestStarted(Request.GET);
    call.responseStarted(200);
    call.end();
    assertThat(labels("krakend.backend.duration"))
        .containsExactly(
            result(true, false, false).toBuilder()
                .put("http.request.method", "GET")
                .put("server.address", "origin")
                .build());
  }

  @Test
  void hasTheBucketsOfKrakend_andNoUnits() {
    exchange(200, 200).end();
    MetricData duration = bench.metric("http.server.duration");
    assertThat(duration.getUnit()).isEmpty();
    assertThat(bounds(duration)).hasSize(20).startsWith(0.01, 0.02).endsWith(5.0, 10.0);
    assertThat(bounds(bench.metric("http.server.response.size"))).hasSize(15).contains(524_288.0);
    // In seconds all the same.
    assertThat(duration.getHistogramData().getPoints().iterator().next().getSum()).isEqualTo(0.012);
  }

  private ExchangeObservation exchange(int upstreamStatus, int status) {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    exchange.route("/r/{id}");
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    bench.after(12);
    attempt.responseStarted(upstreamStatus);
    attempt.responseEnd();
    exchange.responseStarted(status);
    return exchange;
  }

  private void isIncomplete(Attributes labels) {
    assertThat(labels.asMap().entrySet())
        .containsAll(result(false, false, false).asMap().entrySet());
  }

  private static AttributesBuilder backend() {
    return Attributes.builder()
        .put("http.request.method", "GET")
        .put("http.route", "/r/{id}")
        .put("krakend.endpoint.route", "/r/{id}")
        .put("krakend.endpoint.method", "POST")
        .put("server.address", "origin");
  }

  private static AttributesBuilder client() {
    return backend().put("server.address", "origin.test").put("server.port", 8443);
  }

  private static Attributes result(boolean complete, boolean canceled, boolean error) {
    return Attributes.builder()
        .put("complete", complete)
        .put("canceled", canceled)
        .put("error", error)
        .build();
  }

  private List<Attributes> labels(String metric) {
    return bench.metric(metric).getData().getPoints().stream()
        .map(PointData::getAttributes)
        .toList();
  }

  private static List<Double> bounds(MetricData histogram) {
    HistogramPointData point = histogram.getHistogramData().getPoints().iterator().next();
    return point.getBoundaries();
  }
}
