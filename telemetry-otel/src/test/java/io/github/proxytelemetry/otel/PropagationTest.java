package io.github.proxytelemetry.otel;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Scope;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Cases of the W3C's test suite, for lists that have to be accepted. */
  static Stream<Arguments> lists() {
    String full = IntStream.range(0, 32).mapToObj(i -> "k" + i + "=1").collect(joining(","));
    return Stream.of(
        Arguments.of(List.of("foo=1", ""), "foo=1"),
        Arguments.of(List.of("", "foo=1"), "foo=1"),
        Arguments.of(List.of("foo=1,"), "foo=1"),
        Arguments.of(List.of(",foo=1,,bar=2, \t,"), "foo=1,bar=2"),
        Arguments.of(List.of("foo=1,foo=1"), "foo=1"),
        Arguments.of(List.of("foo=1,foo=2"), "foo=1"),
        Arguments.of(List.of("foo=1", "foo=1,bar=2"), "foo=1,bar=2"),
        Arguments.of(List.of("foo=1,bar=2,rojo=1,congo=2"), "foo=1,bar=2,rojo=1,congo=2"),
        Arguments.of(List.of("t@v=1,a-_*/9=!~"), "t@v=1,a-_*/9=!~"),
        Arguments.of(List.of(full + ",k0=2"), full),
        Arguments.of(
            List.of("t".repeat(241) + "@" + "v".repeat(14) + "=1"),
            "t".repeat(241) + "@" + "v".repeat(14) + "=1"),
        Arguments.of(List.of(full + ",k32=1"), ""),
        Arguments.of(List.of("foo =1"), ""),
        Arguments.of(List.of("FOO=1"), ""),
        Arguments.of(List.of("foo@=1,bar=2"), ""),
        Arguments.of(List.of("@foo=1,bar=2"), ""),
        Arguments.of(List.of("foo@@bar=1,bar=2"), ""),
        Arguments.of(List.of("foo@bar@baz=1,bar=2"), ""),
        Arguments.of(List.of("foo@" + "b".repeat(15) + "=1"), ""),
        Arguments.of(List.of("foo=bar=baz"), ""),
        Arguments.of(List.of("foo=,bar=3"), ""),
        Arguments.of(List.of("foo"), ""),
        Arguments.of(List.of("foo=1,foo"), ""),
        Arguments.of(List.of("foo=1,foo=\u00e9"), ""),
        Arguments.of(List.of("z".repeat(257) + "=1"), ""),
        Arguments.of(List.of("foo=" + "v".repeat(257)), ""),
        Arguments.of(List.of(""), ""));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void sendsTheListOn_asFarAsItHasToBeAccepted(List<String> lines, String expected) {
    for (String parent : List.of(SAMPLED, UNSAMPLED)) {
      Headers received = new Headers().with("traceparent", parent);
      lines.forEach(line -> received.with("tracestate", line));
      Headers sent = forward(Bench.untraced(), received);
      assertThat(sent.all("traceparent").get(0)).startsWith("00-" + TRACE);
      assertThat(String.join(",", sent.all("tracestate"))).as(parent).isEqualTo(expected);
    }
  }

  @Test
  void sendsAnUnsampledListOn_asItCame() {
    String list = "foo=1 , bar=2\t,baz=3 ";
    Headers received = new Headers().with("traceparent", UNSAMPLED).with("tracestate", list);
    assertThat(forward(Bench.traced(), received).all("tracestate")).containsExactly(list);
  }

  @ParameterizedTest
  @ValueSource(strings = {"02", "03", "00", "01"})
  void keepsTheRandomFlag(String flags) {
    String parent = "00-" + TRACE + "-" + PARENT + "-" + flags;
    Headers sent = forward(Bench.traced(), new Headers().with("traceparent", parent));
    assertThat(sent.all("traceparent").get(0)).startsWith("00-" + TRACE).endsWith("-" + flags);
  }

  @Test
  void activatesWhatIsSentOn_whereTheParentIsNotSampled() {
    Headers received =
        new Headers().with("traceparent", UNSAMPLED).with("tracestate", "foo=1, ,bar=2,foo=3");
    ExchangeObservation exchange = Bench.traced().telemetry.startExchange(Request.with(received));
    try (Scope scope = exchange.activate()) {
      assertThat(scope).isNotNull();
      SpanContext current = Span.current().getSpanContext();
      assertThat(current.getTraceId()).isEqualTo(TRACE).isEqualTo(exchange.traceId());
      assertThat(current.getSpanId()).isNotEqualTo(PARENT).isEqualTo(exchange.spanId());
      assertThat(current.getTraceState().asMap())
          .containsExactly(entry("foo", "1"), entry("bar", "2"));
      assertThat(current.isSampled()).isFalse();
    }
    exchange.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-00000000000000000000000000000000-" + PARENT + "-00",
        "00-" + TRACE + "-0000000000000000-00",
        "00-0AF7651916CD43DD8448EB211C80319C-" + PARENT + "-00",
        "00-" + TRACE + "-" + PARENT + "-00-",
        "00-" + TRACE + "_" + PARENT + "-00",
        "ff-" + TRACE + "-" + PARENT + "-00",
        "00-" + TRACE + "-" + PARENT + "-0g"
      })
  void continuesNoUnsampledTraceThatIsMalformed(String parent) {
    Bench bench = Bench.traced();
    forward(bench, new Headers().with("traceparent", parent));
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(2);
    assertThat(bench.spans.getFinishedSpanItems().get(1).getTraceId()).isNotEqualTo(TRACE);
  }

  @Test
  void continuesATraceOfALaterVersion() {
    Headers sent =
        forward(
            Bench.traced(),
            new Headers().with("traceparent", "cc-" + TRACE + "-" + PARENT + "-00-what"));
    assertThat(sent.all("traceparent").get(0)).matches("00-" + TRACE + "-[0-9a-f]{16}-00");
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
