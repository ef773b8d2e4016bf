package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.OwnBench;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.NetworkAttributes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was not sampled, and is recorded at its end because it failed or was slow. */
class LateSamplingTest {
  private static final Duration SLOW = Duration.ofMillis(500);

  private final Bench bench = OwnBench.of(Sampling.never().keepErrorsAndSlow(SLOW));

  @Test
  void recordsNothing_whereAllIsWellAndQuick() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.responseStarted(404);
    attempt.responseEnd();
    bench.after(499);
    exchange.responseStarted(404);
    exchange.responseEnd();
    exchange.requestEnd();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void recordsWhatWasSlow_withItsTrueTimesAndAttempts() {
    long received = bench.clock.get() - 40 * Bench.MS;
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET, received);
    exchange.route("/users/{id}");
    bench.after(10);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.of("POST"));
    bench.after(445);
    attempt.protocolVersion("2");
    attempt.responseStarted(200);
    attempt.responseEnd();
    bench.after(5);
    exchange.responseStarted(200);
    exchange.responseEnd();
    bench.after(70);
    exchange.requestEnd();
    SpanData server = bench.span("GET /users/{id}");
    assertThat(server.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(millis(server)).isEqualTo(500);
    assertThat(server.getParentSpanContext().isValid()).isFalse();
    assertThat(server.getAttributes().asMap())
        .isEqualTo(
            Attributes.builder()
                .put("http.request.method", "GET")
                .put("http.response.status_code", 200)
                .put("http.route", "/users/{id}")
                .put("network.protocol.version", "1.1")
                .put("proxy.processing_time", 0.055)
                .put("url.path", "/users/7")
                .put("url.scheme", "https")
                .build()
                .asMap());
    SpanData client = bench.span("POST");
    assertThat(client.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(millis(client)).isEqualTo(445);
    assertThat(Bench.attribute(client, NetworkAttributes.NETWORK_PROTOCOL_VERSION)).isEqualTo("2");
    assertThat(client.getStartEpochNanos() - server.getStartEpochNanos()).isEqualTo(50 * Bench.MS);
    assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
    assertThat(client.getTraceId()).isEqualTo(server.getTraceId());
  }

  @Test
  void recordsACallOfTheHostThatFailed_withTheVersionOfItsResponse() {
    AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
    call.requestStarted(() -> "GET");
    call.protocolVersion("1.1");
    call.responseStarted(500);
    call.responseEnd();
    assertThat(Bench.attribute(bench.span("GET"), NetworkAttributes.NETWORK_PROTOCOL_VERSION))
        .isEqualTo("1.1");
  }

  @Test
  void keepsTheInjectedIds() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    String logged = exchange.spanId();
    Headers first = new Headers();
    Headers second = new Headers();
    AttemptObservation refused = exchange.startAttempt(Bench.ORIGIN);
    refused.inject(first, Headers.ACCESS);
    refused.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation timedOut = exchange.startAttempt(Bench.ORIGIN);
    timedOut.inject(second, Headers.ACCESS);
    String traceId = exchange.traceId();
    exchange.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
    timedOut.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
    List<SpanData> spans = bench.spans.getFinishedSpanItems();
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(traceId);
    assertThat(spans).hasSize(3);
    SpanData server = spans.get(1);
    assertThat(server.getSpanId()).isEqualTo(logged);
    assertThat(server.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(server.getParentSpanContext().isValid()).isFalse();
    assertThat(first.all("traceparent"))
        .containsExactly("00-" + traceId + "-" + spans.get(0).getSpanId() + "-02");
    assertThat(second.all("traceparent"))
        .containsExactly("00-" + traceId + "-" + spans.get(2).getSpanId() + "-02");
    assertThat(spans.get(2).getParentSpanId()).isEqualTo(logged);
  }

  @Test
  void makesNewIds_whereNoneWereInjected() {
    bench.telemetry.startExchange(Request.GET).fail(Side.PROXY, ProxyError.DNS_ERROR, null);
    bench.telemetry.startExchange(Request.GET).fail(Side.PROXY, ProxyError.DNS_ERROR, null);
    assertThat(bench.spans.getFinishedSpanItems())
        .extracting(SpanData::getTraceId)
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void leavesTheDecisionToTheCallerOfTheTrace() {
    Headers headers =
        new Headers()
            .with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    bench
        .telemetry
        .startExchange(Request.with(headers))
        .fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void recordsAnErrorInItsOwnTrace_whereOnlyTheCapWasUsedUp() {
    Bench capped = OwnBench.of(Sampling.always().capped(0).keepErrorsAndSlow(SLOW));
    String traceId = "0af7651916cd43dd8448eb211c80319c";
    Headers headers = new Headers().with("traceparent", "00-" + traceId + "-b7ad6b7169203331-01");
    capped
        .telemetry
        .startExchange(Request.with(headers))
        .fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    SpanData span = capped.span("GET");
    assertThat(span.getTraceId()).isEqualTo(traceId);
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void capHoldsForErrorsToo() {
    Bench capped = OwnBench.of(Sampling.never().keepErrorsAndSlow(SLOW).capped(0.001));
    for (int i = 0; i < 100; i++) {
      capped
          .telemetry
          .startExchange(Request.GET)
          .fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    }
    assertThat(capped.spans.getFinishedSpanItems()).hasSize(1);
  }

  @Test
  void boundsTheAttemptsThatItKeeps() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    for (int i = 0; i < 1000; i++) {
      exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    }
    exchange.end();
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(9);
  }

  @Test
  void recordsNothing_whereTheExchangeWasNone() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    exchange.discard();
    attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void reportsOfLayersToo() {
    Bench layered =
        OwnBench.of(
            Sampling.never().keepErrorsAndSlow(SLOW), options -> options.layers(Layers.all()));
    ExchangeObservation exchange = layered.telemetry.startExchange(Request.GET);
    layered.after(100);
    exchange.handlingStarted();
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.DNS_ERROR, null);
    exchange.end();
    SpanData server =
        layered.spans.getFinishedSpanItems().stream()
            .filter(span -> span.getKind() == SpanKind.SERVER)
            .findFirst()
            .orElseThrow();
    SpanData proxy = layered.span("proxy");
    assertThat(proxy.getParentSpanId()).isEqualTo(server.getSpanId());
    assertThat(proxy.getStartEpochNanos() - server.getStartEpochNanos()).isEqualTo(100 * Bench.MS);
    assertThat(layered.span("backend").getParentSpanId()).isEqualTo(proxy.getSpanId());
  }

  @Test
  void namesStagesByTheirRoutes_asKrakendDoes() {
    Bench layered =
        OwnBench.of(
            Sampling.never().keepErrorsAndSlow(SLOW),
            options -> options.naming(MetricNaming.KRAKEND_OTEL).layers(Layers.all()));
    ExchangeObservation exchange = layered.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.route("/v1/users/{id}");
    exchange.route("/users/{id}");
    attempt.fail(Side.UPSTREAM, ProxyError.DNS_ERROR, null);
    exchange.end();
    assertThat(layered.span("/v1/users/{id}").getParentSpanId())
        .isEqualTo(layered.span("/users/{id}").getSpanId());
    AttributeKey<String> endpoint = AttributeKey.stringKey("krakend.endpoint.route");
    assertThat(layered.span("/v1/users/{id}").getAttributes().get(endpoint))
        .isEqualTo("/users/{id}");
  }

  private static long millis(SpanData span) {
    return (span.getEndEpochNanos() - span.getStartEpochNanos()) / Bench.MS;
  }
}
