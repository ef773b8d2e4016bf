package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.otel.Trust;
import io.github.proxytelemetry.sdk.export.OwnBench;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which exchanges have spans, from the request to the exporter. */
class SamplingTest {
  private static final int ROOTS = 100_000;

  @Test
  void recordsOnePercent() {
    assertThat(exported(Sampling.ratio(0.01), ROOTS)).isBetween(800, 1200);
  }

  @Test
  void decidesAsOpenTelemetrysSamplerOfARatio_byTheTraceId() {
    Bench bench = OwnBench.of(Sampling.ratio(0.5));
    Sampler theirs = Sampler.traceIdRatioBased(0.5);
    for (int i = 0; i < 2000; i++) {
      ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("GET"));
      Headers headers = new Headers();
      exchange.startAttempt(Bench.ORIGIN).inject(headers, Headers.ACCESS);
      String traceId = exchange.traceId();
      exchange.end();
      SamplingDecision decision =
          theirs
              .shouldSample(
                  Context.root(), traceId, "GET", SpanKind.SERVER, Attributes.empty(), List.of())
              .getDecision();
      assertThat(headers.all("traceparent").get(0))
          .contains(traceId)
          .endsWith(decision == SamplingDecision.RECORD_AND_SAMPLE ? "-03" : "-02");
    }
    assertThat(bench.spans.getFinishedSpanItems()).isNotEmpty();
  }

  @Test
  void recordsExactlyAllOrNone() {
    assertThat(exported(Sampling.ratio(1.0), ROOTS)).isEqualTo(ROOTS);
    assertThat(exported(Sampling.ratio(0.0), ROOTS)).isZero();
  }

  @Test
  void decidesByTheRuleOfTheRequest() {
    Sampling rules =
        Sampling.rules().when("/health", Sampling.never()).otherwise(Sampling.always());
    Bench bench = OwnBench.of(rules);
    bench.telemetry.startExchange(new Request("GET", "/health?x", new Headers())).end();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    bench.telemetry.startExchange(new Request("GET", "/", new Headers())).end();
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(1);
  }

  /** Whatever a stranger sends, it costs no more than the cap: one trace in a thousand seconds. */
  @ParameterizedTest
  @EnumSource(Trust.class)
  void exportsNoMoreThanTheCap_howeverManyAreMarkedAsSampled(Trust trust) {
    Bench bench = OwnBench.of(Sampling.always().capped(0.001), options -> options.trust(trust));
    for (int i = 0; i < 10_000; i++) {
      flood(bench, "0af7651916cd43dd8448eb21%08x".formatted(i + 1), "01");
    }
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(1);
  }

  @Test
  void toldUpstreamsThatNothingIsSampled_whereTheCapSaidNo() {
    Bench bench = OwnBench.of(Sampling.always().capped(0));
    String traceId = "0af7651916cd43dd8448eb211c80319c";
    assertThat(flood(bench, traceId, "01")).matches("00-" + traceId + "-[0-9a-f]{16}-00");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LINK", "RESTART", "IGNORE"},
      value = Trust.class)
  void isNotPreventedByAStrangersFlag(Trust trust) {
    Bench bench = OwnBench.of(Sampling.always(), options -> options.trust(trust));
    Set<String> traces = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      flood(bench, "ffffffffffffffffffffffffffffffff", "00");
    }
    for (SpanData span : bench.spans.getFinishedSpanItems()) {
      traces.add(span.getTraceId());
    }
    assertThat(traces).hasSize(100).doesNotContain("ffffffffffffffffffffffffffffffff");
  }

  @Test
  void takesASamplingThatThrowsForANo_andCountsIt() {
    Bench bench =
        OwnBench.of(
            (request, random) -> {
              throw new IllegalStateException("secret");
            });
    bench.telemetry.startExchange(Request.GET).end();
    bench.telemetry.startAttempt(Bench.ORIGIN).end();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    assertThat(bench.own("callback_errors_total", "callback", "sampling")).isEqualTo(2);
    assertThat(bench.telemetry.faults().callbackErrors()).containsEntry("sampling", 2L);
  }

  private static int exported(Sampling sampling, int roots) {
    Bench bench = OwnBench.of(sampling);
    RequestInfo request = Request.of("GET");
    for (int i = 0; i < roots; i++) {
      bench.telemetry.startExchange(request).end();
    }
    return bench.spans.getFinishedSpanItems().size();
  }

  private static String flood(Bench bench, String traceId, String flags) {
    Headers headers =
        new Headers().with("traceparent", "00-" + traceId + "-b7ad6b7169203331-" + flags);
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.with(headers));
    exchange.startAttempt(Bench.ORIGIN).inject(headers, Headers.ACCESS);
    exchange.end();
    return headers.all("traceparent").get(0);
  }
}
