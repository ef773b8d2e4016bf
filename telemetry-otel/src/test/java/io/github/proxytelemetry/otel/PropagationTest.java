package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.junit.jupiter.api.Test;

/** W3C Trace Context, in and out. */
class PropagationTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
  private static final String UNSAMPLED = "00-" + TRACE + "-" + PARENT + "-00";

  @Test
  void continuesATraceThatIsSampled_whateverOurOwnShare() {
    Bench bench = Bench.untraced();
    Headers sent = forward(bench, new Headers().with("traceparent", SAMPLED));
    SpanData server = bench.spans.getFinishedSpanItems().get(1);
    SpanData client = bench.spans.getFinishedSpanItems().get(0);
    assertThat(server.getTraceId()).isEqualTo(TRACE);
    assertThat(server.getParentSpanId()).isEqualTo(PARENT);
    assertThat(sent.all("traceparent"))
        .containsExactly("00-" + TRACE + "-" + client.getSpanId() + "-01");
  }

  @Test
  void injectsTheSameTraceWithAFreshSpan_whereTheParentIsNotSampled() {
    Bench bench = Bench.traced();
    Headers received = new Headers().with("traceparent", UNSAMPLED).with("tracestate", "a=1");
    Headers sent = forward(bench, received.with("tracestate", "b=2"));
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    assertThat(sent.all("traceparent")).hasSize(1);
    assertThat(sent.all("traceparent").get(0))
        .matches("00-" + TRACE + "-[0-9a-f]{16}-00")
        .isNotEqualTo(UNSAMPLED);
    assertThat(sent.all("tracestate")).containsExactly("a=1,b=2");
  }

  @Test
  void injectsOneTraceIntoEveryAttempt_whereNothingIsSampled() {
    Bench bench = Bench.untraced();
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    String first = inject(exchange.startAttempt(Bench.ORIGIN));
    String second = inject(exchange.startAttempt(Bench.ORIGIN));
    exchange.end();
    assertThat(first).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-02");
    assertThat(second.substring(0, 36)).isEqualTo(first.substring(0, 36));
    assertThat(second).isNotEqualTo(first);
    assertThat(first).contains(exchange.traceId()).doesNotContain(exchange.spanId());
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void beginsANewTrace_whereThereIsMoreThanOneParent() {
    Bench bench = Bench.traced();
    Headers received =
        new Headers()
            .with("traceparent", SAMPLED)
            .with("traceparent", SAMPLED.replace('a', 'c'))
            .with("tracestate", "a=1");
    Headers sent = forward(bench, received);
    SpanData server = bench.spans.getFinishedSpanItems().get(1);
    assertThat(server.getTraceId()).isNotEqualTo(TRACE);
    assertThat(server.getParentSpanContext().isValid()).isFalse();
    assertThat(sent.all("traceparent")).hasSize(1);
    assertThat(sent.all("tracestate")).isEmpty();
  }

  @Test
  void beginsANewTrace_whereTheParentMakesNoSense() {
    Bench bench = Bench.traced();
    forward(bench, new Headers().with("traceparent", "00-" + TRACE + "-0-01"));
    assertThat(bench.spans.getFinishedSpanItems().get(1).getTraceId()).isNotEqualTo(TRACE);
  }

  @Test
  void touchesNothing_whereTracingIsOff() {
    Bench bench = Bench.metricsOnly();
    Headers received = new Headers().with("traceparent", SAMPLED).with("tracestate", "a=1");
    Headers sent = forward(bench, received);
    assertThat(sent.all("traceparent")).containsExactly(SAMPLED);
    assertThat(sent.all("tracestate")).containsExactly("a=1");
    assertThat(inject(bench.telemetry.startAttempt(Bench.ORIGIN))).isEmpty();
  }

  @Test
  void injectsIntoACallOfTheHostItself() {
    assertThat(inject(Bench.untraced().telemetry.startAttempt(Bench.ORIGIN))).endsWith("-02");
    assertThat(inject(Bench.traced().telemetry.startAttempt(Bench.ORIGIN))).endsWith("-03");
  }

  @Test
  void asksTheHostsSampler() {
    Bench host = Bench.sampledBy(Sampler.alwaysOff());
    OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(host.sdk());
    ExchangeObservation exchange = telemetry.startExchange(Request.GET);
    assertThat(inject(exchange.startAttempt(Bench.ORIGIN))).matches("00-.*-0[02]");
    exchange.end();
    assertThat(host.spans.getFinishedSpanItems()).isEmpty();
    telemetry.close();
  }

  private static Headers forward(Bench bench, Headers headers) {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.with(headers));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.inject(headers, Headers.ACCESS);
    attempt.responseEnd();
    exchange.end();
    return headers;
  }

  private static String inject(AttemptObservation attempt) {
    Headers headers = new Headers();
    attempt.inject(headers, Headers.ACCESS);
    attempt.end();
    return String.join("|", headers.all("traceparent"));
  }
}
