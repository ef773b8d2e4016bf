package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.ERRORS_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.PROCESSING_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.QUEUE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeTest {
  private final Bench bench = Bench.metricsOnly();

  @AfterEach
  void everythingIsOver() {
    assertThat(bench.value(REQUESTS_IN_PROGRESS)).isZero();
    assertThat(bench.value(CONNECTIONS_ACTIVE)).isZero();
    assertThat(bench.total(REQUESTS_TOTAL)).isEqualTo(bench.total(REQUESTS_BY_STATUS));
  }

  @Test
  void countsARequestWhenBothSidesHaveEnded() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    assertThat(bench.value(REQUESTS_IN_PROGRESS)).isOne();
    exchange.responseStarted(200);
    exchange.responseEnd();
    assertThat(bench.value(REQUESTS_IN_PROGRESS)).isZero();
    assertThat(bench.total(REQUESTS_TOTAL)).isZero();
    exchange.requestEnd();
    assertThat(bench.value(REQUESTS_TOTAL, "method", "GET")).isOne();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "200")).isOne();
    exchange.end();
    exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    assertThat(bench.total(REQUESTS_TOTAL)).isOne();
    assertThat(bench.total(ERRORS_TOTAL)).isZero();
  }

  @Test
  void exportsTheSeriesThatQueriesDivideByBeforeTheyAreSeen() {
    assertThat(bench.value(REQUESTS_TOTAL, "method", "PATCH")).isZero();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "502")).isZero();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "aborted")).isZero();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "418")).isEqualTo(-1);
  }

  @Test
  void knowsNoMethodAndNoStatusButTheUsual() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("get\r\nX: 1"));
    exchange.responseStarted(600);
    exchange.end();
    assertThat(bench.value(REQUESTS_TOTAL, "method", "_OTHER")).isOne();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "none")).isOne();
  }

  @Test
  void knowsQuery() {
    bench.telemetry.startExchange(Request.of("QUERY")).end();
    assertThat(bench.value(REQUESTS_TOTAL, "method", "QUERY")).isOne();
    assertThat(bench.value(REQUESTS_TOTAL, "method", "_OTHER")).isZero();
  }

  @Test
  void reportsClientAbort_whereTheConnectionEndsUnderIt() {
    DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
    ExchangeObservation waiting = client.startExchange(Request.GET);
    ExchangeObservation answering = client.startExchange(Request.GET);
    answering.responseStarted(200);
    client.startExchange(Request.GET).end();
    client.end();
    waiting.end();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "aborted")).isOne();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "200")).isOne();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "none")).isOne();
    assertThat(bench.value(ERRORS_TOTAL, "error", "client_abort", "side", "downstream"))
        .isEqualTo(2);
  }

  @Test
  void isComplete_whereOnlyTheRequestNeverEnded() {
    DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(Request.GET);
    exchange.responseStarted(413);
    exchange.responseEnd();
    client.end();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "413")).isOne();
    assertThat(bench.total(ERRORS_TOTAL)).isZero();
  }

  @Test
  void abortsWhatStartsOnAConnectionThatIsOver() {
    DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
    client.end();
    client.startExchange(Request.GET).responseStarted(200);
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "aborted")).isOne();
  }

  @Test
  void countsNothing_whenDiscarded() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.handlingStarted();
    exchange.responseStarted(101);
    exchange.discard();
    exchange.end();
    assertThat(bench.total(REQUESTS_TOTAL)).isZero();
    assertThat(bench.count(PROCESSING_DURATION_SECONDS)).isZero();
    assertThat(bench.count(QUEUE_DURATION_SECONDS)).isZero();
  }

  @Test
  void blamesTheFirstCauseThatWasNoted() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.note(Side.UPSTREAM, ProxyError.DNS_ERROR, null);
    exchange.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    exchange.responseStarted(502);
    exchange.end();
    assertThat(
            bench.value(
                ERRORS_TOTAL, "error", "dns_error", "side", "upstream", "upstream", "origin"))
        .isOne();
    assertThat(bench.total(ERRORS_TOTAL)).isOne();
    assertThat(bench.value(ATTEMPTS_TOTAL, "outcome", "failed", "upstream", "origin")).isOne();
  }

  @Test
  void blamesTheLastAttempt_whereNoneSucceeded() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange
        .startAttempt(Bench.ORIGIN)
        .fail(Side.UPSTREAM, ProxyError.CONNECTION_READ_TIMEOUT, null);
    exchange.end();
    assertThat(
            bench.value(
                ERRORS_TOTAL,
                "error",
                "connection_read_timeout",
                "side",
                "upstream",
                "upstream",
                "origin"))
        .isOne();
    assertThat(bench.total(ERRORS_TOTAL)).isOne();
    assertThat(bench.value(ATTEMPTS_TOTAL, "outcome", "timeout", "upstream", "origin")).isOne();
  }

  @Test
  void blamesNobody_whereARetrySucceeded() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.startAttempt(Bench.ORIGIN).responseEnd();
    exchange.startAttempt(Bench.ORIGIN).cancel();
    exchange.end();
    assertThat(bench.total(ERRORS_TOTAL)).isZero();
    assertThat(bench.value(ATTEMPTS_TOTAL, "outcome", "success", "upstream", "origin")).isOne();
    assertThat(bench.value(ATTEMPTS_TOTAL, "outcome", "canceled", "upstream", "origin")).isOne();
  }

  @Test
  void countsPayloadAsItFlows() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestBytes(3);
    attempt.responseBytes(10);
    attempt.responseBytes(-4);
    assertThat(bench.value(BYTES_SENT_TOTAL)).isEqualTo(3);
    assertThat(bench.value(BYTES_RECEIVED_TOTAL)).isEqualTo(10);
    exchange.end();
  }

  @Test
  void measuresQueueAndFirstByte() {
    ExchangeObservation exchange =
        bench.telemetry.startExchange(Request.GET, bench.clock.get() - 5 * Bench.MS);
    bench.after(2);
    exchange.handlingStarted();
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    bench.after(30);
    attempt.informational(103);
    attempt.responseStarted(103);
    bench.after(10);
    attempt.responseStarted(200);
    attempt.responseStarted(200);
    exchange.responseStarted(200);
    exchange.end();
    assertThat(bench.sumMillis(QUEUE_DURATION_SECONDS)).isCloseTo(7, within(1e-6));
    assertThat(bench.sumMillis(FIRST_BYTE_LATENCY_SECONDS)).isCloseTo(40, within(1e-6));
    assertThat(bench.sumMillis(PROCESSING_DURATION_SECONDS)).isCloseTo(7, within(1e-6));
  }

  @Test
  void measuresNoQueue_whereHandlingWasNeverTold() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.responseStarted(200);
    exchange.end();
    assertThat(bench.count(QUEUE_DURATION_SECONDS)).isZero();
    assertThat(bench.count(FIRST_BYTE_LATENCY_SECONDS)).isZero();
    assertThat(bench.count(PROCESSING_DURATION_SECONDS)).isOne();
  }
}
