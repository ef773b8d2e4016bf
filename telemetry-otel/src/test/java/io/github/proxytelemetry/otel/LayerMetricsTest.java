package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.REQUEST_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.RESPONSE_SIZE_BYTES;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_BYTES_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_ERRORS_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_SECONDS_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_SIZE_BYTES;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_CANCELED_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_FAILED_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_STARTED_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_TIMEDOUT_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSE_LENGTH_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the layers measure, and when. */
class LayerMetricsTest {
  private final Bench bench = Bench.layeredMetrics(MetricNaming.KRAKEND, Layers.all());

  @Test
  void theLayersContainEachOther() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    bench.after(1);
    exchange.handlingStarted();
    bench.after(2);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    bench.after(4);
    attempt.requestStarted(Request.GET);
    bench.after(8);
    attempt.responseStarted(200);
    attempt.responseBytes(70);
    bench.after(16);
    attempt.responseEnd();
    exchange.responseStarted(200);
    exchange.responseBytes(60);
    bench.after(32);
    exchange.responseEnd();
    bench.after(1000);
    exchange.requestEnd();
    assertMillis(REQUEST_DURATION_SECONDS, 63);
    assertMillis(UPSTREAM_RESPONSE_LATENCY_SECONDS, 12);
    assertMillis(UPSTREAM_READ_DURATION_SECONDS, 16);
    assertThat(bench.stage("proxy")).isCloseTo(0.062, within(1e-9));
    assertThat(bench.stage("backend")).isCloseTo(0.028, within(1e-9));
    assertThat(bench.sumMillis(RESPONSE_SIZE_BYTES)).isEqualTo(60_000);
    assertThat(bench.sumMillis(UPSTREAM_READ_SIZE_BYTES)).isEqualTo(70_000);
    assertThat(sum(UPSTREAM_READ_BYTES_TOTAL)).isEqualTo(70);
    assertThat(sum(UPSTREAM_READ_SECONDS_TOTAL)).isCloseTo(0.016, within(1e-9));
  }

  @Test
  void handlingThatWasNeverToldBeganWithTheRequest() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    bench.after(5);
    exchange.end();
    assertThat(bench.stage("proxy")).isCloseTo(0.005, within(1e-9));
  }

  @Test
  void canceledIsNotFailed_andTimedOutIsBoth() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(Bench.ORIGIN).cancel();
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.DNS_ERROR, null);
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_TIMEOUT, null);
    AttemptObservation answered = exchange.startAttempt(Bench.ORIGIN);
    answered.requestStarted(Request.GET);
    assertThat(sum(UPSTREAM_REQUESTS_STARTED_TOTAL)).isEqualTo(4);
    answered.responseStarted(500);
    answered.responseEnd();
    assertThat(sum(UPSTREAM_REQUESTS_STARTED_TOTAL)).isEqualTo(4);
    assertThat(sum(UPSTREAM_REQUESTS_CANCELED_TOTAL)).isEqualTo(1);
    assertThat(sum(UPSTREAM_REQUESTS_FAILED_TOTAL)).isEqualTo(2);
    assertThat(sum(UPSTREAM_REQUESTS_TIMEDOUT_TOTAL)).isEqualTo(1);
    assertThat(bench.count(UPSTREAM_READ_DURATION_SECONDS)).isOne();
    assertThat(sum(UPSTREAM_READ_ERRORS_TOTAL)).isZero();
  }

  @Test
  void aBodyThatBreaksOffIsAReadError() {
    AttemptObservation attempt = attempt();
    attempt.responseStarted(200);
    attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    AttemptObservation left = attempt();
    left.responseStarted(200);
    left.cancel();
    assertThat(sum(UPSTREAM_READ_ERRORS_TOTAL)).isEqualTo(1);
    assertThat(sum(UPSTREAM_REQUESTS_FAILED_TOTAL)).isEqualTo(1);
  }

  @Test
  void sumsTheLengthsThatHeadersGive() {
    AttemptObservation attempt = attempt();
    attempt.requestStarted(Request.with(new Headers().with("Content-Length", "12")));
    attempt.responseStarted(200, new Headers().with("content-length", "34"), Headers.ACCESS);
    attempt.responseBytes(33);
    attempt.responseEnd();
    assertThat(sum(UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL)).isEqualTo(12);
    assertThat(bench.sumMillis(UPSTREAM_RESPONSE_LENGTH_BYTES)).isEqualTo(34_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", "1 ", "0x1", "1,1", "9999999999999999999", "१"})
  void aLengthThatIsNoneIsNotZero(String length) {
    AttemptObservation attempt = attempt();
    attempt.requestStarted(Request.with(new Headers().with("Content-Length", length)));
    attempt.responseStarted(200, new Headers().with("Content-Length", length), Headers.ACCESS);
    attempt.responseEnd();
    AttemptObservation none = attempt();
    none.requestStarted(Request.GET);
    none.responseStarted(200);
    none.responseEnd();
    assertThat(points(UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL)).isEmpty();
    assertThat(bench.count(UPSTREAM_RESPONSE_LENGTH_BYTES)).isZero();
  }

  @Test
  void theTwoStagesHaveTheirOwnLabels() {
    Traffic.drive(bench.telemetry);
    assertThat(bench.metric("stage-duration").getHistogramData().getPoints())
        .extracting(PointData::getAttributes)
        .contains(
            Attributes.of(key("krakend.stage"), "proxy", key("url.path"), Traffic.ROUTE),
            Attributes.of(
                key("krakend.stage"),
                "backend",
                key("url.path"),
                Traffic.UPSTREAM_ROUTE,
                key("krakend.endpoint"),
                Traffic.ROUTE,
                key("server.address"),
                "origin"));
    assertThat(points(UPSTREAM_READ_ERRORS_TOTAL))
        .extracting(PointData::getAttributes)
        .containsExactly(
            Attributes.of(
                key("krakend.stage"),
                "backend-request",
                key("url.path"),
                Traffic.ROUTE,
                key("http.request.method_original"),
                "GET",
                key("server.address"),
                "origin.test"));
  }

  @Test
  void theStageNamesAllHosts_andTheRoundTripTheOneThatIsAsked() {
    List<Upstream> origins =
        Upstream.balanced(List.of(Upstream.of("a.test", 80), Upstream.of("b.test", 80)));
    for (Upstream origin : origins) {
      AttemptObservation attempt = bench.telemetry.startAttempt(origin);
      attempt.requestStarted(Request.GET);
      attempt.end();
    }
    assertThat(bench.metric("stage-duration").getHistogramData().getPoints())
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.getCount()).isEqualTo(2);
              assertThat(point.getAttributes().get(key("server.address")))
                  .isEqualTo("a.test_b.test");
            });
    assertThat(points(UPSTREAM_REQUESTS_STARTED_TOTAL))
        .extracting(point -> point.getAttributes().get(key("server.address")))
        .containsExactlyInAnyOrder("a.test", "b.test");
  }

  @Test
  void aRequestOfTheHostIsARequestToAnUpstream() {
    AttemptObservation attempt = bench.telemetry.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.of("PUT"));
    attempt.end();
    assertThat(points(UPSTREAM_REQUESTS_STARTED_TOTAL))
        .singleElement()
        .satisfies(
            point ->
                assertThat(point.getAttributes().get(key("http.request.method_original")))
                    .isEqualTo("PUT"));
  }

  private AttemptObservation attempt() {
    return bench.telemetry.startExchange(Request.GET).startAttempt(Bench.ORIGIN);
  }

  private void assertMillis(Instrument instrument, double millis) {
    assertThat(bench.count(instrument)).isOne();
    assertThat(bench.sumMillis(instrument)).isCloseTo(millis, within(1e-6));
  }

  private double sum(Instrument instrument) {
    return points(instrument).stream()
        .mapToDouble(
            point ->
                point instanceof LongPointData whole
                    ? whole.getValue()
                    : ((DoublePointData) point).getValue())
        .sum();
  }

  private List<? extends PointData> points(Instrument instrument) {
    String name = MetricNaming.KRAKEND.name(instrument);
    return bench.reader.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .flatMap(metric -> metric.getData().getPoints().stream())
        .toList();
  }

  private static AttributeKey<String> key(String name) {
    return AttributeKey.stringKey(name);
  }
}
