package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.OwnBench;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Calls of the host itself, outside any exchange: its control plane. */
class HostCallTest {
  @Test
  void isTheRootOfATrace_withItsDuration() {
    Bench bench = OwnBench.of(Sampling.always());
    Headers headers = new Headers();
    AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
    call.inject(headers, Headers.ACCESS);
    call.requestStarted(Request.of("PUT"));
    bench.after(30);
    call.responseStarted(204);
    call.responseEnd();
    SpanData span = bench.span("PUT");
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(30 * Bench.MS);
    assertThat(headers.all("traceparent"))
        .containsExactly("00-" + span.getTraceId() + "-" + span.getSpanId() + "-03");
    assertThat(bench.value(Instrument.ATTEMPTS_TOTAL, "outcome", "success", "upstream", "origin"))
        .isEqualTo(1);
    assertThat(bench.count(Instrument.FIRST_BYTE_LATENCY_SECONDS)).isEqualTo(1);
    assertThat(bench.total(Instrument.REQUESTS_TOTAL)).isZero();
  }

  @Test
  void isAChildOfWhatIsCurrent() {
    Bench bench = OwnBench.of(Sampling.always());
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    try (Scope scope = exchange.activate()) {
      assertThat(scope).isNotNull();
      bench.telemetry.startAttempt(Bench.ORIGIN).end();
    }
    exchange.end();
    assertThat(bench.span("HTTP").getParentSpanId()).isEqualTo(exchange.spanId());
    assertThat(bench.span("HTTP").getTraceId()).isEqualTo(exchange.traceId());
  }

  @Test
  void followsTheDecisionOfWhatIsCurrent() {
    Bench bench =
        OwnBench.of(
            Sampling.rules().when("/users/", Sampling.never()).otherwise(Sampling.always()));
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    Headers headers = new Headers();
    try (Scope scope = exchange.activate()) {
      assertThat(scope).isNotNull();
      AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
      call.inject(headers, Headers.ACCESS);
      call.end();
    }
    exchange.end();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    assertThat(headers.all("traceparent").get(0))
        .matches("00-" + exchange.traceId() + "-[0-9a-f]{16}-02");
  }

  @Test
  void isOneTrace_whereItIsNotSampled() {
    Bench bench = OwnBench.of(Sampling.never());
    AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
    Headers first = new Headers();
    Headers redirected = new Headers();
    call.inject(first, Headers.ACCESS);
    call.inject(redirected, Headers.ACCESS);
    assertThat(redirected.all("traceparent")).isEqualTo(first.all("traceparent"));
    try (Scope scope = call.activate()) {
      assertThat(scope).isNotNull();
      assertThat(first.all("traceparent").get(0))
          .contains(Span.current().getSpanContext().getTraceId())
          .contains(Span.current().getSpanContext().getSpanId());
    }
    call.end();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void isRecordedLate_withTheInjectedIds() {
    Bench bench = OwnBench.of(Sampling.never().keepErrorsAndSlow(Duration.ofSeconds(1)));
    bench.telemetry.startAttempt(Bench.ORIGIN).end();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    Headers headers = new Headers();
    AttemptObservation call = bench.telemetry.startAttempt(Bench.ORIGIN);
    call.inject(headers, Headers.ACCESS);
    call.requestStarted(Request.of("PUT"));
    bench.after(20);
    call.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    SpanData span = bench.span("PUT");
    assertThat(headers.all("traceparent"))
        .containsExactly("00-" + span.getTraceId() + "-" + span.getSpanId() + "-02");
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(20 * Bench.MS);
  }
}
