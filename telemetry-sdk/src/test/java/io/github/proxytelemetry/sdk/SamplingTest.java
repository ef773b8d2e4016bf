package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.HashSet;
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
  void recordsExactlyAllOrNone() {
    assertThat(exported(Sampling.ratio(1.0), ROOTS)).isEqualTo(ROOTS);
    assertThat(exported(Sampling.ratio(0.0), ROOTS)).isZero();
  }

  @Test
  void decidesByTheRuleOfTheRequest() {
    Sampling rules =
        Sampling.rules().when("/health", Sampling.never()).otherwise(Sampling.always());
    Bench bench = Bench.own(rules, Policy.DEFAULT);
    bench.telemetry.startExchange(new Request("GET", "/health?x", new Headers())).end();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    bench.telemetry.startExchange(new Request("GET", "/", new Headers())).end();
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(1);
  }

  /** Whatever a stranger sends, it costs no more than the cap: one trace in a thousand seconds. */
  @ParameterizedTest
  @EnumSource(Trust.class)
  void exportsNoMoreThanTheCap_howeverManyAreMarkedAsSampled(Trust trust) {
    Bench bench = Bench.own(Sampling.always().capped(0.001), Policies.trusting(trust));
    for (int i = 0; i < 10_000; i++) {
      flood(bench, "0af7651916cd43dd8448eb21%08x".formatted(i + 1), "01");
    }
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(1);
  }

  @Test
  void toldUpstreamsThatNothingIsSampled_whereTheCapSaidNo() {
    Bench bench = Bench.own(Sampling.always().capped(0), Policy.DEFAULT);
    String traceId = "0af7651916cd43dd8448eb211c80319c";
    assertThat(flood(bench, traceId, "01")).matches("00-" + traceId + "-[0-9a-f]{16}-00");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"LINK", "RESTART", "IGNORE"},
      value = Trust.class)
  void isNotPreventedByAStrangersFlag(Trust trust) {
    Bench bench = Bench.own(Sampling.always(), Policies.trusting(trust));
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
        Bench.own(
            (request, random) -> {
              throw new IllegalStateException("secret");
            },
            Policy.DEFAULT);
    bench.telemetry.startExchange(Request.GET).end();
    bench.telemetry.startAttempt(Bench.ORIGIN).end();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    assertThat(bench.own("callback_errors_total", "callback", "sampling")).isEqualTo(2);
    assertThat(bench.telemetry.health().faults().callbackErrors()).containsEntry("sampling", 2L);
  }

  private static int exported(Sampling sampling, int roots) {
    Bench bench = Bench.own(sampling, Policy.DEFAULT);
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
