package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The spans of the layers, and what they tell. */
class LayerSpanTest {
  private static final AttributeKey<String> STAGE = AttributeKey.stringKey("krakend.stage");
  private static final AttributeKey<Boolean> COMPLETE = AttributeKey.booleanKey("complete");
  private static final AttributeKey<Boolean> CANCELED = AttributeKey.booleanKey("canceled");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error");

  private final Bench bench = Bench.layered(MetricNaming.KRAKEND, Layers.all());

  @Test
  void spansOfLayersContainEachOther() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("POST"));
    exchange.route("/r");
    bench.after(1);
    exchange.handlingStarted();
    bench.after(2);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    Headers sent = new Headers();
    attempt.inject(sent, Headers.ACCESS);
    bench.after(4);
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(200);
    attempt.responseBytes(70);
    bench.after(8);
    attempt.responseEnd();
    exchange.responseStarted(200);
    exchange.responseEnd();
    exchange.requestEnd();
    SpanData server = bench.span("POST /r");
    SpanData proxy = StageNamesTest.span(bench, "proxy");
    SpanData backend = StageNamesTest.span(bench, "backend");
    SpanData client = bench.span("GET");
    SpanData read = bench.span("read-tracer");
    assertThat(List.of(proxy, backend, read))
        .allMatch(span -> span.getKind() == SpanKind.INTERNAL)
        .allMatch(span -> span.getStatus().getStatusCode() == StatusCode.UNSET);
    assertThat(server.getAttributes().get(STAGE)).isEqualTo("global");
    assertThat(proxy.getParentSpanId()).isEqualTo(server.getSpanId());
    assertThat(backend.getParentSpanId()).isEqualTo(proxy.getSpanId());
    assertThat(client.getParentSpanId()).isEqualTo(backend.getSpanId());
    assertThat(read.getParentSpanId()).isEqualTo(client.getSpanId());
    assertThat(sent.all("traceparent"))
        .singleElement()
        .asString()
        .startsWith("00-" + client.getTraceId() + "-" + client.getSpanId() + "-");
    assertThat(proxy.getStartEpochNanos() - server.getStartEpochNanos()).isEqualTo(Bench.MS);
    assertThat(backend.getStartEpochNanos() - proxy.getStartEpochNanos()).isEqualTo(2 * Bench.MS);
    assertThat(read.getEndEpochNanos() - read.getStartEpochNanos()).isEqualTo(8 * Bench.MS);
    assertThat(proxy.getAttributes().asMap())
        .containsOnly(
            entry(STAGE, "proxy"),
            entry(COMPLETE, true),
            entry(HttpAttributes.HTTP_REQUEST_METHOD, "POST"),
            entry(HttpAttributes.HTTP_ROUTE, "/r"),
            entry(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, 200L));
    assertThat(backend.getAttributes().asMap())
        .containsOnly(
            entry(STAGE, "backend"),
            entry(COMPLETE, true),
            entry(HttpAttributes.HTTP_REQUEST_METHOD, "GET"),
            entry(HttpAttributes.HTTP_ROUTE, "/r"),
            entry(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, 200L),
            entry(AttributeKey.stringKey("krakend.endpoint"), "/r"));
    assertThat(client.getAttributes().get(STAGE)).isEqualTo("backend-request");
    assertThat(read.getAttributes().get(AttributeKey.longKey("http.response.body.size")))
        .isEqualTo(70);
  }

  @Test
  void tellsWhereTheTimeOfANewConnectionWent() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    ConnectionObservation connection = attempt.startConnection();
    connection.enter(ConnectionPhase.DNS_LOOKUP);
    bench.after(2);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    bench.after(8);
    connection.established();
    attempt.connectionAcquired(false);
    attempt.requestStarted(Request.of("PUT"));
    bench.after(16);
    attempt.responseStarted(200);
    bench.after(32);
    attempt.responseEnd();
    exchange.end();
    SpanData client = bench.span("PUT");
    assertThat(seconds(client, "get-conn-duration")).isEqualTo(0.010);
    assertThat(seconds(client, "dns-duration")).isEqualTo(0.002);
    assertThat(seconds(client, "tls-duration")).isEqualTo(0.008);
    assertThat(seconds(client, "response-duration")).isEqualTo(0.026);
    assertThat(client.getEvents())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getName()).isEqualTo("first-byte-time");
              assertThat(event.getEpochNanos() - client.getStartEpochNanos())
                  .isEqualTo(26 * Bench.MS);
            });
  }

  @Test
  void saysNothingAboutWhatAReusedConnectionSpared() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.connectionAcquired(true);
    attempt.requestStarted(Request.of("PUT"));
    attempt.end();
    exchange.end();
    SpanData client = bench.span("PUT");
    assertThat(seconds(client, "get-conn-duration")).isZero();
    assertThat(seconds(client, "dns-duration")).isNull();
    assertThat(seconds(client, "tls-duration")).isNull();
    assertThat(seconds(client, "response-duration")).isNull();
    assertThat(client.getEvents()).isEmpty();
    assertThat(bench.spans.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .doesNotContain("read-tracer");
  }

  @Test
  void isNotCompleteWhereOneAttemptFailed() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    answer(exchange.startAttempt(Bench.ORIGIN), 200);
    answer(exchange.startAttempt(Bench.ORIGIN), 404);
    exchange.responseStarted(200);
    exchange.end();
    SpanData proxy = bench.span("proxy");
    assertThat(proxy.getAttributes().get(COMPLETE)).isFalse();
    assertThat(proxy.getAttributes().get(ERROR)).isNull();
    assertThat(
            bench.spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals("backend"))
                .map(span -> span.getAttributes().get(COMPLETE)))
        .containsExactly(true, false);
  }

  @Test
  void namesTheErrorInTheWordsOfTheRfc() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange
        .startAttempt(Bench.ORIGIN)
        .fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, new Exception("secret"));
    exchange.responseStarted(502);
    exchange.end();
    for (String name : List.of("proxy", "backend")) {
      SpanData span = bench.span(name);
      assertThat(span.getAttributes().get(ERROR)).isEqualTo("connection_refused");
      assertThat(span.getAttributes().get(COMPLETE)).isFalse();
      assertThat(span.getAttributes().get(CANCELED)).isNull();
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }
  }

  @Test
  void saysCanceledWhereItWas() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(Bench.ORIGIN).cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    for (String name : List.of("proxy", "backend")) {
      SpanData span = bench.span(name);
      assertThat(span.getAttributes().get(CANCELED)).isTrue();
      assertThat(span.getAttributes().get(COMPLETE)).isFalse();
      assertThat(span.getAttributes().get(ERROR)).isNull();
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }
  }

  @Test
  void everySpanEnds() {
    Traffic.drive(bench.telemetry);
    assertThat(bench.spans.getFinishedSpanItems())
        .hasSizeGreaterThan(15)
        .allMatch(SpanData::hasEnded);
    assertThat(bench.spans.getFinishedSpanItems())
        .filteredOn(span -> span.getKind() == SpanKind.SERVER)
        .hasSize(4);
    assertThat(bench.spans.getFinishedSpanItems())
        .filteredOn(span -> "proxy".equals(span.getAttributes().get(STAGE)))
        .hasSize(4);
    assertThat(bench.spans.getFinishedSpanItems())
        .filteredOn(span -> "backend".equals(span.getAttributes().get(STAGE)))
        .hasSize(4);
  }

  private static void answer(AttemptObservation attempt, int status) {
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(status);
    attempt.responseEnd();
  }

  private static Map.Entry<AttributeKey<?>, Object> entry(AttributeKey<?> key, Object value) {
    return Map.entry(key, value);
  }

  private static @Nullable Double seconds(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.doubleKey(key));
  }
}
