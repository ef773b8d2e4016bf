package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.otel.Trust;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What B3 and X-Ray say of decisions, by their own specifications. */
class FormatRulesTest {
  private static final String TRACE = "6500000016cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String B3 = TRACE + "-" + PARENT;
  private static final String ROOT = "Root=1-65000000-16cd43dd8448eb211c80319c";

  private OtlpGrpcReceiver collector;

  @BeforeEach
  void start() throws Exception {
    collector = OtlpGrpcReceiver.start();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  @ParameterizedTest
  @CsvSource({
    "b3, b3, 0",
    "b3, X-B3-Sampled, 0",
    "b3multi, X-B3-Sampled, false",
    "xray, X-Amzn-Trace-Id, Sampled=0"
  })
  void aNoWithoutIdsIsANo(String propagator, String header, String value) {
    Headers sent = drive(propagator, Sampling.always(), new Headers().with(header, value));
    assertThat(collector.received().spans()).isEmpty();
    assertThat(isSampled(sent)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "b3, b3, 1",
    "b3, b3, d",
    "b3multi, X-B3-Flags, 1",
    "xray, X-Amzn-Trace-Id, Sampled=1"
  })
  void aYesWithoutIdsIsAYes(String propagator, String header, String value) throws Exception {
    Headers sent = drive(propagator, Sampling.never(), new Headers().with(header, value));
    assertThat(server().parentSpanId()).isEmpty();
    assertThat(isSampled(sent)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "b3, b3, " + B3,
    "xray, X-Amzn-Trace-Id, " + ROOT + ";Parent=" + PARENT,
    "xray, X-Amzn-Trace-Id, " + ROOT + ";Parent=" + PARENT + ";Sampled=?"
  })
  void withoutADecisionItIsOurs(String propagator, String header, String value) throws Exception {
    Headers received = new Headers().with(header, value);
    Headers unsampled = drive(propagator, Sampling.never(), received);
    assertThat(collector.received().spans()).isEmpty();
    assertThat(isSampled(unsampled)).isFalse();
    assertThat(traceId(unsampled)).isEqualTo(TRACE);
    Headers sampled = drive(propagator, Sampling.always(), new Headers().with(header, value));
    assertThat(server().traceId()).isEqualTo(TRACE);
    assertThat(server().parentSpanId()).isEqualTo(PARENT);
    assertThat(isSampled(sampled)).isTrue();
  }

  @Test
  void idsInSeveralHeadersHaveADecisionOfTheirOwn() throws Exception {
    Headers received = new Headers().with("X-B3-TraceId", TRACE).with("X-B3-SpanId", PARENT);
    drive("b3multi", Sampling.always(), received);
    assertThat(server().parentSpanId()).isEqualTo(PARENT);
  }

  @Test
  void aRootAloneIsTheTraceId() throws Exception {
    Headers unsampled =
        drive("xray", Sampling.never(), new Headers().with("X-Amzn-Trace-Id", ROOT));
    assertThat(traceId(unsampled)).isEqualTo(TRACE);
    assertThat(isSampled(unsampled)).isFalse();
    Headers sampled = drive("xray", Sampling.always(), new Headers().with("X-Amzn-Trace-Id", ROOT));
    assertThat(traceId(sampled)).isEqualTo(TRACE);
    assertThat(server().traceId()).isEqualTo(TRACE);
    assertThat(server().parentSpanId()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    TRACE + ":" + PARENT + ":0:1, true",
    TRACE + "%3A" + PARENT + "%3A0%3A1, true",
    TRACE + ":" + PARENT + ":0:03, true",
    TRACE + ":" + PARENT + ":0:0, false",
    TRACE + ":" + PARENT + ":0:2, false"
  })
  void jaegerMayEncodeItsColons(String header, boolean sampled) throws Exception {
    drive("jaeger", Sampling.never(), new Headers().with("uber-trace-id", header));
    if (sampled) {
      assertThat(server().traceId()).isEqualTo(TRACE);
      assertThat(server().parentSpanId()).isEqualTo(PARENT);
    } else {
      assertThat(collector.received().spans()).isEmpty();
    }
  }

  @Test
  void jaegerMayLeaveOutLeadingZeros() throws Exception {
    drive("jaeger", Sampling.never(), new Headers().with("uber-trace-id", "a1:b2:0:1"));
    assertThat(server().traceId()).isEqualTo("0".repeat(30) + "a1");
    assertThat(server().parentSpanId()).isEqualTo("0".repeat(14) + "b2");
  }

  @Test
  void theIdsOfAnotherFormatHaveItsDecision() throws Exception {
    Headers received =
        new Headers().with("b3", "0").with("traceparent", "00-" + TRACE + "-" + PARENT + "-01");
    drive("tracecontext,b3", Sampling.never(), received);
    assertThat(server().parentSpanId()).isEqualTo(PARENT);
  }

  @Test
  void aStrangersDecisionDoesNotCount_whereNothingOfHisDoes() throws Exception {
    try (ProxyTelemetrySdk telemetry = telemetry(Sampling.always(), Trust.RESTART, "b3")) {
      drive(telemetry, new Headers().with("b3", "0"));
    }
    assertThat(server().parentSpanId()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "tracecontext, traceparent, 00-secret-secret-01",
    "baggage, baggage, secret=%zz",
    "b3, b3, secret-" + PARENT + "-1",
    "b3, b3, " + TRACE + "-secret-1",
    "b3, b3, secret",
    "b3multi, X-B3-TraceId, secret",
    "jaeger, uber-trace-id, secret:secret:0:1",
    "jaeger, uber-trace-id, secret",
    "xray, X-Amzn-Trace-Id, Root=secret;Parent=secret;Sampled=secret",
    "xray, X-Amzn-Trace-Id, " + ROOT + ";Parent=secret",
    "ottrace, ot-tracer-traceid, secret"
  })
  void whatCannotBeReadIsInNoLogLine(String propagator, String header, String value) {
    Headers received =
        new Headers()
            .with(header, value)
            .with("X-B3-SpanId", "secret")
            .with("ot-tracer-spanid", "secret")
            .with("X-B3-Sampled", "secret");
    Logger root = Logger.getLogger("");
    Level before = root.getLevel();
    root.setLevel(Level.ALL);
    List<String> lines;
    try {
      lines = LogLines.ofAll(() -> drive(propagator, Sampling.always(), received));
    } finally {
      root.setLevel(before);
    }
    assertThat(lines).isNotEmpty().noneMatch(line -> line.contains("secret"));
  }

  private Headers drive(String propagators, Sampling sampling, Headers received) {
    try (ProxyTelemetrySdk telemetry =
        telemetry(sampling, Trust.CONTINUE, propagators.split(",", -1))) {
      return drive(telemetry, received);
    }
  }

  private static Headers drive(ProxyTelemetrySdk telemetry, Headers received) {
    Headers sent = new Headers();
    ExchangeObservation exchange = telemetry.startExchange(Request.with(received));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.inject(sent, Headers.ACCESS);
    attempt.responseEnd();
    exchange.end();
    Configurations.flush(telemetry);
    return sent;
  }

  private ProxyTelemetrySdk telemetry(Sampling sampling, Trust trust, String... propagators) {
    return ProxyTelemetrySdk.builder("proxy")
        .otlp(collector.endpoint())
        .sampling(sampling)
        .propagators(propagators)
        .recording(options -> options.trust(trust))
        .build();
  }

  private ReceivedSpan server() throws InterruptedException {
    collector.received().await(Configurations.LIMIT, received -> !received.spans().isEmpty());
    return collector.received().spans().stream()
        .filter(span -> span.kind() == SpanKind.SPAN_KIND_SERVER)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isSampled(Headers sent) {
    String written = sent.map().toString();
    assertThat(written).containsAnyOf("-1", "-0", "sampled=", "Sampled=");
    return written.matches(".*(-1[},]|sampled=1|Sampled=1).*");
  }

  private static String traceId(Headers sent) {
    String xray = sent.map().get("x-amzn-trace-id");
    return xray == null
        ? Objects.requireNonNull(sent.map().get("b3")).substring(0, 32)
        : xray.substring(7, 15) + xray.substring(16, 40);
  }
}
