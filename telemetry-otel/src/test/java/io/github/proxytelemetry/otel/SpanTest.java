package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import org.junit.jupiter.api.Test;

class SpanTest {
  private final Bench bench = Bench.traced();

  @Test
  void tellsOfARequestAndNothingThatNamesAClientOrASecret() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.route("/users/{id}");
    bench.after(12);
    exchange.responseStarted(200);
    exchange.responseEnd();
    bench.after(1000);
    exchange.requestEnd();
    SpanData span = bench.span("GET /users/{id}");
    assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(12 * Bench.MS);
    assertThat(span.getAttributes().asMap())
        .isEqualTo(
            Attributes.builder()
                .put("http.request.method", "GET")
                .put("http.response.status_code", 200)
                .put("http.route", "/users/{id}")
                .put("network.protocol.version", "1.1")
                .put("proxy.processing_time", 0.012)
                .put("url.path", "/users/7")
                .put("url.scheme", "https")
                .build()
                .asMap());
  }

  /** Also where no layer is on, whose span would begin with the handling. */
  @Test
  void tellsTheTimeInAQueue() {
    ExchangeObservation waiting =
        bench.telemetry.startExchange(Request.GET, bench.clock.get() - 30 * Bench.MS);
    bench.after(10);
    waiting.handlingStarted();
    waiting.responseStarted(200);
    waiting.end();
    SpanData span = bench.span("GET");
    assertThat(Bench.attribute(span, AttributeKey.doubleKey("proxy.queue_time"))).isEqualTo(0.04);
    assertThat(Bench.attribute(span, AttributeKey.stringKey("krakend.stage"))).isNull();
  }

  @Test
  void beginsWhenTheFirstByteArrived() {
    bench
        .telemetry
        .startExchange(Request.GET, bench.clock.get() - 30 * Bench.MS)
        .fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, new Exception("secret"));
    SpanData span = bench.span("GET");
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(30 * Bench.MS);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(errorType(span)).isEqualTo("proxy_internal_error");
    assertThat(span.toString()).doesNotContain("secret");
  }

  @Test
  void cutsALongPath() {
    RequestInfo request = new Request("BREW", "/" + "x".repeat(10_000), new Headers());
    bench.telemetry.startExchange(request).end();
    SpanData span = bench.span("HTTP");
    assertThat(Bench.attribute(span, UrlAttributes.URL_PATH)).hasSize(256);
    assertThat(Bench.attribute(span, HttpAttributes.HTTP_REQUEST_METHOD)).isEqualTo("_OTHER");
  }

  @Test
  void isAnError_whereTheStatusSaysSo() {
    respond(503);
    assertThat(bench.span("GET").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(errorType(bench.span("GET"))).isEqualTo("503");
  }

  @Test
  void isNoError_whereTheClientWasWrong() {
    respond(404);
    assertThat(bench.span("GET").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(errorType(bench.span("GET"))).isNull();
  }

  @Test
  void isNoError_whereTheClientLeft() {
    bench.telemetry.startExchange(Request.GET).fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    assertThat(bench.span("GET").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(errorType(bench.span("GET"))).isEqualTo("client_abort");
  }

  @Test
  void tellsTheTimeOfTheProxyAlone() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("PATCH"));
    bench.after(3);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    bench.after(100);
    attempt.responseStarted(200);
    attempt.responseEnd();
    bench.after(4);
    exchange.responseStarted(200);
    bench.after(50);
    exchange.responseEnd();
    exchange.requestEnd();
    SpanData span = bench.span("PATCH");
    assertThat(Bench.attribute(span, AttributeKey.doubleKey("proxy.processing_time")))
        .isEqualTo(0.007);
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(157 * Bench.MS);
  }

  @Test
  void tagsAnUpgrade_andDoesNotTimeItsSession() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    bench.after(5);
    exchange.responseStarted(101);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.WEBSOCKET);
    bench.after(3_600_000);
    tunnel.end();
    SpanData span = bench.span("GET");
    assertThat(Bench.attribute(span, AttributeKey.booleanKey("http.connection.upgrade"))).isTrue();
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(5 * Bench.MS);
    assertThat(bench.count(Instrument.PROCESSING_DURATION_SECONDS)).isOne();
    assertThat(bench.sumMillis(Instrument.PROCESSING_DURATION_SECONDS)).isEqualTo(5);
  }

  @Test
  void endsWhereATunnelBegins() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.CONNECT);
    exchange.responseStarted(200);
    exchange.startTunnel(TunnelKind.CONNECT).end();
    SpanData span = bench.span("CONNECT");
    assertThat(Bench.attribute(span, AttributeKey.booleanKey("http.connection.upgrade"))).isTrue();
    assertThat(Bench.attribute(span, UrlAttributes.URL_PATH)).isNull();
  }

  @Test
  void hasAChildForEveryAttempt() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("POST"));
    AttemptObservation first = exchange.startAttempt(Bench.ORIGIN);
    first.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation second = exchange.startAttempt(Bench.ORIGIN);
    second.requestStarted(Request.GET);
    second.responseStarted(404);
    second.responseEnd();
    exchange.end();
    SpanData refused = bench.span("POST");
    SpanData answered = bench.span("GET");
    SpanData server = bench.spans.getFinishedSpanItems().get(2);
    assertThat(refused.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(refused.getParentSpanId()).isEqualTo(server.getSpanId());
    assertThat(errorType(refused)).isEqualTo("connection_refused");
    assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(answered.getTraceId()).isEqualTo(server.getTraceId());
    assertThat(answered.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(answered.getAttributes().asMap())
        .isEqualTo(
            Attributes.builder()
                .put("error.type", "404")
                .put("http.request.method", "GET")
                .put("http.request.resend_count", 1)
                .put("http.response.status_code", 404)
                .put("network.protocol.version", "1.1")
                .put("server.address", "origin.test")
                .put("server.port", 8443)
                .put("url.full", "https://origin.test:8443/users/7")
                .build()
                .asMap());
  }

  @Test
  void isSilentAboutWhereAUserGoes() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.CONNECT);
    exchange.startAttempt(Upstream.of("private.test", 443)).end();
    exchange.end();
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(2);
    assertThat(bench.spans.getFinishedSpanItems())
        .allSatisfy(
            span -> {
              assertThat(Bench.attribute(span, ServerAttributes.SERVER_ADDRESS)).isNull();
              assertThat(span.toString()).doesNotContain("private.test");
            });
  }

  @Test
  void isNeutral_whereAnAttemptWasCancelled() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(Bench.ORIGIN).cancel();
    SpanData span = bench.span("GET");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(errorType(span)).isNull();
    exchange.end();
  }

  @Test
  void isCurrentWhileTheExchangeIs() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    try (Scope scope = exchange.activate()) {
      assertThat(scope).isNotNull();
      assertThat(Span.current().getSpanContext().getSpanId()).isEqualTo(exchange.spanId());
      assertThat(Span.current().getSpanContext().getTraceId()).isEqualTo(exchange.traceId());
    }
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    exchange.end();
  }

  @Test
  void isNotExported_whereTheExchangeWasNone() {
    bench.telemetry.startExchange(Request.GET).discard();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  /** A client that negotiates it knows the version with the response only. */
  @Test
  void hasTheVersionOfTheResponse() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    attempt.protocolVersion("2");
    attempt.protocolVersion("2.0.1");
    attempt.responseStarted(200);
    attempt.responseEnd();
    SpanData span = bench.span("GET");
    assertThat(Bench.attribute(span, NetworkAttributes.NETWORK_PROTOCOL_VERSION)).isEqualTo("2");
    assertThat(span.getTotalAttributeCount()).isEqualTo(span.getAttributes().size());
  }

  @Test
  void coversACallOfTheHostItself() {
    AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
    call.requestStarted(Request.of("PUT"));
    call.responseStarted(204);
    call.responseEnd();
    assertThat(bench.span("PUT").getKind()).isEqualTo(SpanKind.CLIENT);
  }

  private void respond(int status) {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.responseStarted(status);
    exchange.end();
  }

  private static String errorType(SpanData span) {
    return span.getAttributes().get(ErrorAttributes.ERROR_TYPE);
  }
}
