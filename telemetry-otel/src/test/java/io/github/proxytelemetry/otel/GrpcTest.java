package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Side;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.ErrorAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gRPC responses: HTTP status 200, and the outcome in {@code grpc-status}. */
class GrpcTest {
  private static final AttributeKey<Long> CODE = AttributeKey.longKey("rpc.grpc.status_code");
  private static final Set<Integer> SERVER_ERRORS = Set.of(2, 4, 12, 13, 14, 15);
  private static final Request POST = Request.of("POST");

  private final Bench bench = Bench.traced();

  @Test
  void everyCode() {
    for (int code = 0; code <= 16; code++) {
      Bench each = Bench.traced();
      call(each, "application/grpc", String.valueOf(code));
      boolean failed = SERVER_ERRORS.contains(code);
      SpanData server = span(each, SpanKind.SERVER);
      assertThat(Bench.attribute(server, CODE)).isEqualTo(code);
      assertThat(isError(server)).as("server span of %d", code).isEqualTo(failed);
      assertThat(errorType(server)).isEqualTo(failed ? "grpc_error" : null);
      SpanData client = span(each, SpanKind.CLIENT);
      assertThat(Bench.attribute(client, CODE)).isEqualTo(code);
      assertThat(isError(client)).as("client span of %d", code).isEqualTo(code != 0);
      assertThat(errorType(client)).isEqualTo(code == 0 ? null : "grpc_error");
      assertErrors(each, failed ? 1 : 0, "upstream");
      String outcome = code == 0 ? "success" : "failed";
      assertThat(each.value(Instrument.ATTEMPTS_TOTAL, "outcome", outcome, "upstream", "origin"))
          .isOne();
      assertThat(each.total(Instrument.ATTEMPTS_TOTAL)).isOne();
      assertThat(each.value(Instrument.REQUESTS_BY_STATUS, "status", "200")).isOne();
      assertThat(each.total(Instrument.REQUESTS_IN_PROGRESS)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/grpc", "application/grpc+proto", "Application/GRPC; charset=utf-8"})
  void contentTypesThatAreGrpc(String type) {
    call(bench, type, "13");
    assertThat(Bench.attribute(span(bench, SpanKind.SERVER), CODE)).isEqualTo(13);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/grpc-web",
        "application/grpc-web+proto",
        "application/grpcx",
        "application/json",
        "text/application/grpc",
        ""
      })
  void contentTypesThatAreNot(String type) {
    call(bench, type, "13");
    assertNothingReported();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "17",
        "99",
        "-1",
        "+1",
        "1 3",
        " 13",
        "13 ",
        "0013",
        "1e1",
        "",
        "٣",
        "13\r\nX: y",
        "99999999999999999999999"
      })
  void statusesThatAreNone(String status) {
    call(bench, "application/grpc", status);
    assertNothingReported();
  }

  @Test
  void answerThatIsAHeadOnly() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    Headers head = head("application/grpc").with("grpc-status", "14");
    attempt.responseReceived(200, head, Headers.ACCESS, 0);
    exchange.requestEnd();
    exchange.responseStarted(200, head, Headers.ACCESS);
    exchange.responseEnd();
    assertThat(Bench.attribute(span(bench, SpanKind.SERVER), CODE)).isEqualTo(14);
    assertThat(Bench.attribute(span(bench, SpanKind.CLIENT), CODE)).isEqualTo(14);
    assertErrors(bench, 1, "upstream");
  }

  @Test
  void trailersDecide_whereTheHeadHasAStatusToo() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    exchange.requestEnd();
    exchange.responseStarted(
        200, head("application/grpc").with("grpc-status", "0"), Headers.ACCESS);
    exchange.responseTrailers(status("13"), Headers.ACCESS);
    exchange.responseEnd();
    assertThat(Bench.attribute(span(bench, SpanKind.SERVER), CODE)).isEqualTo(13);
  }

  @Test
  void isTheProxysError_whereNoUpstreamWasAsked() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    exchange.requestEnd();
    exchange.responseStarted(200, head("application/grpc"), Headers.ACCESS);
    exchange.responseTrailers(status("14"), Headers.ACCESS);
    exchange.responseEnd();
    assertErrors(bench, 1, "proxy");
  }

  @Test
  void causeIsWhatHappened_andNotTheStatusThatTheProxyMadeOfIt() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.requestEnd();
    exchange.responseStarted(
        200, head("application/grpc").with("grpc-status", "14"), Headers.ACCESS);
    exchange.responseEnd();
    assertErrors(bench, 0, "upstream");
    assertThat(
            bench.value(
                Instrument.ERRORS_TOTAL,
                "error",
                "connection_refused",
                "side",
                "upstream",
                "upstream",
                "origin"))
        .isOne();
  }

  @Test
  void retryThatHelped() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    answered(exchange.startAttempt(Bench.ORIGIN), "application/grpc", "14");
    answered(exchange.startAttempt(Bench.ORIGIN), "application/grpc", "0");
    exchange.requestEnd();
    exchange.responseStarted(200, head("application/grpc"), Headers.ACCESS);
    exchange.responseTrailers(status("0"), Headers.ACCESS);
    exchange.responseEnd();
    assertThat(bench.total(Instrument.ERRORS_TOTAL)).isZero();
    assertThat(bench.value(Instrument.ATTEMPTS_TOTAL, "outcome", "failed", "upstream", "origin"))
        .isOne();
    assertThat(bench.value(Instrument.ATTEMPTS_TOTAL, "outcome", "success", "upstream", "origin"))
        .isOne();
  }

  @Test
  void callThatBreaksOff_hasNoStatus() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.responseStarted(200, head("application/grpc"), Headers.ACCESS);
    exchange.responseStarted(200, head("application/grpc"), Headers.ACCESS);
    attempt.cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    assertThat(Bench.attribute(span(bench, SpanKind.SERVER), CODE)).isNull();
    assertThat(Bench.attribute(span(bench, SpanKind.CLIENT), CODE)).isNull();
    assertThat(bench.value(Instrument.ATTEMPTS_TOTAL, "outcome", "canceled", "upstream", "origin"))
        .isOne();
  }

  @Test
  void lateTrailers_changeNothing() {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    answered(attempt, "application/grpc", "0");
    attempt.responseTrailers(status("13"), Headers.ACCESS);
    exchange.end();
    assertThat(Bench.attribute(span(bench, SpanKind.CLIENT), CODE)).isZero();
    assertThat(bench.total(Instrument.ERRORS_TOTAL)).isZero();
  }

  @Test
  void callOfTheHostItself() {
    answered(bench.telemetry.startAttempt(Bench.ORIGIN), "application/grpc", "5");
    SpanData client = span(bench, SpanKind.CLIENT);
    assertThat(Bench.attribute(client, CODE)).isEqualTo(5);
    assertThat(isError(client)).isTrue();
  }

  @Test
  void traceIsKept_whereErrorsAre() {
    Bench kept =
        Bench.with(Sampling.never().keepErrorsAndSlow(java.time.Duration.ofHours(1)), o -> {});
    call(kept, "application/grpc", "0");
    assertThat(kept.spans.getFinishedSpanItems()).isEmpty();
    call(kept, "application/grpc", "14");
    assertThat(Bench.attribute(span(kept, SpanKind.SERVER), CODE)).isEqualTo(14);
    assertThat(Bench.attribute(span(kept, SpanKind.CLIENT), CODE)).isEqualTo(14);
  }

  @Test
  void responseWasRead_whateverItSays() {
    Bench layered = Bench.layered(MetricNaming.PRIVACY_PROXY, Layers.all());
    call(layered, "application/grpc", "13");
    assertThat(layered.total(Instrument.UPSTREAM_REQUESTS_FAILED_TOTAL)).isOne();
    assertThat(layered.total(Instrument.UPSTREAM_READ_ERRORS_TOTAL)).isZero();
    assertThat(Group.READ_PAYLOAD).isEqualTo(Instrument.UPSTREAM_READ_ERRORS_TOTAL.group());
  }

  private void assertNothingReported() {
    assertThat(Bench.attribute(span(bench, SpanKind.SERVER), CODE)).isNull();
    assertThat(isError(span(bench, SpanKind.SERVER))).isFalse();
    assertThat(Bench.attribute(span(bench, SpanKind.CLIENT), CODE)).isNull();
    assertThat(isError(span(bench, SpanKind.CLIENT))).isFalse();
    assertThat(bench.total(Instrument.ERRORS_TOTAL)).isZero();
    assertThat(bench.value(Instrument.ATTEMPTS_TOTAL, "outcome", "success", "upstream", "origin"))
        .isOne();
  }

  private static void call(Bench bench, String type, String status) {
    ExchangeObservation exchange = bench.telemetry.startExchange(POST);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(POST);
    exchange.requestEnd();
    attempt.responseStarted(200, head(type), Headers.ACCESS);
    exchange.responseStarted(200, head(type), Headers.ACCESS);
    attempt.responseTrailers(status(status), Headers.ACCESS);
    attempt.responseEnd();
    exchange.responseTrailers(status(status), Headers.ACCESS);
    exchange.responseEnd();
  }

  private static void answered(AttemptObservation attempt, String type, String status) {
    attempt.requestStarted(POST);
    attempt.responseStarted(200, head(type), Headers.ACCESS);
    attempt.responseTrailers(status(status), Headers.ACCESS);
    attempt.responseEnd();
  }

  private static Headers head(String type) {
    return new Headers().with("Content-Type", type);
  }

  private static Headers status(String status) {
    return new Headers().with("grpc-status", status);
  }

  private static void assertErrors(Bench bench, int expected, String side) {
    String[] labels =
        side.equals("upstream")
            ? new String[] {"error", "grpc_error", "side", side, "upstream", "origin"}
            : new String[] {"error", "grpc_error", "side", side};
    long counted = bench.value(Instrument.ERRORS_TOTAL, labels);
    assertThat(Math.max(0, counted)).isEqualTo(expected);
  }

  private static SpanData span(Bench bench, SpanKind kind) {
    return bench.spans.getFinishedSpanItems().stream()
        .filter(span -> span.getKind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind));
  }

  private static boolean isError(SpanData span) {
    return span.getStatus().getStatusCode() == StatusCode.ERROR;
  }

  private static @Nullable String errorType(SpanData span) {
    return Bench.attribute(span, ErrorAttributes.ERROR_TYPE);
  }
}
