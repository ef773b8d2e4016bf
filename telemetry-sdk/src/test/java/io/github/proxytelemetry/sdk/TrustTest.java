package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.otel.Trust;
import io.github.proxytelemetry.sdk.export.OwnBench;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trust in inbound contexts, and propagation of our own. */
class TrustTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final Upstream ELSEWHERE = Upstream.of("elsewhere.test", 443);

  @ParameterizedTest
  @ValueSource(strings = {"00", "01", "03", "ff"})
  void linkBeginsATrace_andPointsAtTheOther(String flags) {
    Bench bench = trusting(Trust.LINK, Sampling.always());
    Headers sent = forward(bench, incoming(flags));
    SpanData server = bench.spans.getFinishedSpanItems().get(1);
    assertThat(server.getParentSpanContext().isValid()).isFalse();
    assertThat(server.getLinks())
        .extracting(LinkData::getSpanContext)
        .singleElement()
        .satisfies(
            context -> {
              assertThat(context.getTraceId()).isEqualTo(TRACE);
              assertThat(context.getSpanId()).isEqualTo(PARENT);
            });
    isToldOfOurs(sent, bench);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "01", "03", "ff"})
  void restartBeginsATrace_andForgetsTheOther(String flags) {
    Bench bench = trusting(Trust.RESTART, Sampling.always());
    Headers sent = forward(bench, incoming(flags));
    SpanData server = bench.spans.getFinishedSpanItems().get(1);
    assertThat(server.getParentSpanContext().isValid()).isFalse();
    assertThat(server.getLinks()).isEmpty();
    assertThat(bench.spans.getFinishedSpanItems().toString()).doesNotContain(TRACE);
    isToldOfOurs(sent, bench);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "01"})
  void ignoreLetsHeadersGoBy_andTracesOnItsOwn(String flags) {
    Bench bench = trusting(Trust.IGNORE, Sampling.always());
    Headers sent = forward(bench, incoming(flags));
    assertThat(sent.all("traceparent")).containsExactly("00-" + TRACE + "-" + PARENT + "-" + flags);
    assertThat(sent.all("tracestate")).containsExactly("a=1");
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(2);
    assertThat(bench.spans.getFinishedSpanItems().toString()).doesNotContain(TRACE);
    assertThat(forward(bench, new Headers()).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LINK", "RESTART"},
      value = Trust.class)
  void reportsUpstreamsOfTheNewTrace_whereItIsNotSampled(Trust trust) {
    Bench bench = trusting(trust, Sampling.never());
    Headers sent = forward(bench, incoming("01"));
    assertThat(sent.all("traceparent")).singleElement().asString().endsWith("-02");
    assertThat(sent.all("traceparent").get(0)).doesNotContain(TRACE);
    assertThat(sent.all("tracestate")).isEmpty();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void continueGoesOn_withStateAndDecision() {
    Bench bench = trusting(Trust.CONTINUE, Sampling.never());
    Headers sent = forward(bench, incoming("01"));
    assertThat(bench.spans.getFinishedSpanItems().get(1).getParentSpanId()).isEqualTo(PARENT);
    assertThat(sent.all("tracestate")).containsExactly("a=1");
    Headers unsampled = forward(bench, incoming("00"));
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(2);
    assertThat(unsampled.all("tracestate")).containsExactly("a=1");
    assertThat(unsampled.all("traceparent").get(0))
        .matches("00-" + TRACE + "-[0-9a-f]{16}-00")
        .doesNotContain(PARENT);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CONTINUE", "LINK", "RESTART"},
      value = Trust.class)
  void twoParentsAreNone(Trust trust) {
    Bench bench = trusting(trust, Sampling.always());
    Headers sent =
        forward(bench, incoming("01").with("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
    SpanData server = bench.spans.getFinishedSpanItems().get(1);
    assertThat(server.getTraceId()).isNotEqualTo(TRACE);
    assertThat(server.getLinks()).isEmpty();
    isToldOfOurs(sent, bench);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void leavesTheHeadersOfOthersAlone(double share) {
    Bench bench =
        OwnBench.of(Sampling.ratio(share), options -> options.propagateTo(to -> to.name() != null));
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.with(incoming("00")));
    Headers elsewhere = incoming("00");
    exchange.startAttempt(ELSEWHERE).inject(elsewhere, Headers.ACCESS);
    assertThat(elsewhere.all("traceparent")).containsExactly("00-" + TRACE + "-" + PARENT + "-00");
    assertThat(elsewhere.all("tracestate")).containsExactly("a=1");
    Headers home = incoming("00");
    exchange.startAttempt(Bench.ORIGIN).inject(home, Headers.ACCESS);
    assertThat(home.all("traceparent").get(0)).contains(TRACE).doesNotContain(PARENT);
    exchange.end();
  }

  @Test
  void reportsEverybody_unlessToldOtherwise() {
    Bench bench = OwnBench.of(Sampling.always());
    Headers headers = new Headers();
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(ELSEWHERE).inject(headers, Headers.ACCESS);
    exchange.end();
    assertThat(headers.all("traceparent")).hasSize(1);
  }

  @Test
  void takesAPredicateThatThrowsForANo_andCountsIt() {
    Bench bench =
        OwnBench.of(
            Sampling.always(),
            options ->
                options.propagateTo(
                    upstream -> {
                      throw new IllegalStateException(upstream.host());
                    }));
    assertThat(forward(bench, new Headers()).isEmpty()).isTrue();
    assertThat(bench.own("callback_errors_total", "callback", "propagate_to")).isEqualTo(1);
    assertThat(bench.telemetry.faults().callbackErrors()).containsEntry("propagate_to", 1L);
  }

  private static void isToldOfOurs(Headers sent, Bench bench) {
    SpanData client = bench.spans.getFinishedSpanItems().get(0);
    assertThat(sent.all("traceparent"))
        .containsExactly("00-" + client.getTraceId() + "-" + client.getSpanId() + "-03");
    assertThat(client.getTraceId()).isNotEqualTo(TRACE);
    assertThat(sent.all("tracestate")).isEmpty();
  }

  private static Bench trusting(Trust trust, Sampling sampling) {
    return OwnBench.of(sampling, options -> options.trust(trust));
  }

  private static Headers incoming(String flags) {
    return new Headers()
        .with("traceparent", "00-" + TRACE + "-" + PARENT + "-" + flags)
        .with("tracestate", "a=1");
  }

  private static Headers forward(Bench bench, Headers headers) {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.with(headers));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.inject(headers, Headers.ACCESS);
    attempt.responseEnd();
    exchange.end();
    return headers;
  }
}
