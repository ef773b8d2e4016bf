package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The spans of stages under KrakenD's names, and under others. */
class StageNamesTest {
  private static final String ROUTE = "/users/{id}";
  private static final String UPSTREAM_ROUTE = "/v1/users/{id}";

  static final List<MetricNaming> KRAKEND =
      List.of(MetricNaming.KRAKEND, MetricNaming.KRAKEND_OTEL, MetricNaming.KRAKEND_OTEL_1_27);

  static final List<MetricNaming> OTHERS =
      List.of(MetricNaming.PRIVACY_PROXY, MetricNaming.SEMCONV);

  @ParameterizedTest
  @FieldSource("KRAKEND")
  void areTheRoutes_asInKrakend(MetricNaming naming) {
    Bench bench = Bench.layered(naming, Layers.all());
    exchange(bench, ROUTE, UPSTREAM_ROUTE);
    assertThat(span(bench, "proxy").getName()).isEqualTo(ROUTE);
    assertThat(span(bench, "backend").getName()).isEqualTo(UPSTREAM_ROUTE);
    // Those of the conventions stay.
    assertThat(span(bench, "global").getName()).isEqualTo("POST " + ROUTE);
    assertThat(span(bench, "backend-request").getName()).isEqualTo("GET");
  }

  @ParameterizedTest
  @FieldSource("OTHERS")
  void areThoseOfTheStages_underOtherNames(MetricNaming naming) {
    Bench bench = Bench.layered(naming, Layers.all());
    exchange(bench, ROUTE, UPSTREAM_ROUTE);
    assertThat(span(bench, "proxy").getName()).isEqualTo("proxy");
    SpanData backend = span(bench, "backend");
    assertThat(backend.getName()).isEqualTo("backend");
    assertThat(backend.getAttributes().get(HttpAttributes.HTTP_ROUTE)).isEqualTo(UPSTREAM_ROUTE);
    assertThat(backend.getAttributes().get(HttpAttributes.HTTP_REQUEST_METHOD)).isEqualTo("GET");
    assertThat(backend.getAttributes().get(HttpAttributes.HTTP_RESPONSE_STATUS_CODE))
        .isEqualTo(201);
    assertThat(span(bench, "backend-request").getAttributes().get(HttpAttributes.HTTP_ROUTE))
        .isNull();
    assertThat(bench.spans.getFinishedSpanItems())
        .allSatisfy(
            span ->
                assertThat(span.getAttributes().asMap().keySet())
                    .extracting(AttributeKey::getKey)
                    .noneMatch(key -> key.startsWith("krakend.endpoint")));
  }

  @Test
  void sayWhichEndpointARequestUpstreamIsFor() {
    Bench bench = Bench.layered(MetricNaming.KRAKEND_OTEL, Layers.all());
    exchange(bench, ROUTE, UPSTREAM_ROUTE);
    for (String stage : List.of("backend", "backend-request")) {
      SpanData span = span(bench, stage);
      assertThat(text(span, "krakend.endpoint.route")).isEqualTo(ROUTE);
      assertThat(text(span, "krakend.endpoint.method")).isEqualTo("POST");
      assertThat(text(span, "http.route")).isEqualTo(UPSTREAM_ROUTE);
      assertThat(text(span, "http.request.method")).isEqualTo("GET");
      assertThat(span.getAttributes().get(HttpAttributes.HTTP_RESPONSE_STATUS_CODE)).isEqualTo(201);
    }
    assertThat(text(span(bench, "proxy"), "krakend.endpoint.route")).isNull();
  }

  @Test
  void areThoseOfTheExchange_whereTheHostGivesTheUpstreamNone() {
    Bench bench = Bench.layered(MetricNaming.KRAKEND_OTEL, Layers.all());
    exchange(bench, ROUTE, null);
    assertThat(span(bench, "backend").getName()).isEqualTo(ROUTE);
    assertThat(text(span(bench, "backend"), "http.route")).isEqualTo(ROUTE);
  }

  @Test
  void areThoseOfTheStages_withoutARoute() {
    Bench bench = Bench.layered(MetricNaming.KRAKEND_OTEL, Layers.all());
    exchange(bench, null, null);
    for (String stage : List.of("proxy", "backend")) {
      assertThat(span(bench, stage).getName()).isEqualTo(stage);
      assertThat(text(span(bench, stage), "http.route")).isNull();
    }
    assertThat(text(span(bench, "backend"), "krakend.endpoint.route")).isNull();
  }

  @Test
  void needNoMetricsOfTheLayer_andNoStageForTheClientSpan() {
    Bench bench =
        Bench.layered(MetricNaming.KRAKEND_OTEL, Layers.builder().traces(Group.ROUND_TRIP).build());
    exchange(bench, ROUTE, UPSTREAM_ROUTE);
    assertThat(text(bench.span("GET"), "http.route")).isEqualTo(UPSTREAM_ROUTE);
    assertThat(text(bench.span("GET"), "krakend.endpoint.route")).isEqualTo(ROUTE);
  }

  /** KrakenD says 500 there, which nobody answered. */
  @Test
  void haveNoStatus_whereNobodyAnswered() {
    Bench bench = Bench.layered(MetricNaming.KRAKEND_OTEL, Layers.all());
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.responseStarted(502);
    exchange.end();
    assertThat(span(bench, "backend").getAttributes().get(HttpAttributes.HTTP_RESPONSE_STATUS_CODE))
        .isNull();
    assertThat(span(bench, "proxy").getAttributes().get(HttpAttributes.HTTP_RESPONSE_STATUS_CODE))
        .isEqualTo(502);
  }

  private static void exchange(
      Bench bench, @Nullable String route, @Nullable String upstreamRoute) {
    ExchangeObservation exchange =
        bench.telemetry.startExchange(new Request("POST", "/users/7", new Headers()));
    if (route != null) {
      exchange.route(route);
    }
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    if (upstreamRoute != null) {
      attempt.route(upstreamRoute);
    }
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(201);
    attempt.responseEnd();
    exchange.responseStarted(200);
    exchange.end();
  }

  /** The span of a stage, whatever its name. */
  static SpanData span(Bench bench, String stage) {
    return bench.spans.getFinishedSpanItems().stream()
        .filter(span -> stage.equals(text(span, "krakend.stage")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + stage));
  }

  private static @Nullable String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }
}
