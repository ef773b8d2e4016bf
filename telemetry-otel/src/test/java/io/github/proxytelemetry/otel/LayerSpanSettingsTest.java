package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the spans of the layers where some of them are off, or say more. */
class LayerSpanSettingsTest {
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void withoutTheServerSpan_theProxyContinuesTheTrace() {
    Bench inner = bench(Layers.builder().withoutServerSpan().traces(Group.PROXY).build());
    ExchangeObservation exchange =
        inner.telemetry.startExchange(Request.with(new Headers().with("traceparent", TRACEPARENT)));
    exchange.startAttempt(Bench.ORIGIN).end();
    assertThat(exchange.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    exchange.end();
    assertThat(inner.spans.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .containsExactly("GET", "proxy");
    assertThat(inner.span("proxy").getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(exchange.spanId()).isEqualTo(inner.span("proxy").getSpanId());
    assertThat(inner.span("GET").getParentSpanId()).isEqualTo(inner.span("proxy").getSpanId());
    assertThat(inner.span("GET").getKind()).isEqualTo(SpanKind.CLIENT);
  }

  @Test
  void withoutTheServerSpan_anAttemptIsATraceOfItsOwn() {
    Bench inner = bench(Layers.builder().withoutServerSpan().build());
    ExchangeObservation exchange = inner.telemetry.startExchange(Request.GET);
    assertThat(exchange.traceId()).isNull();
    exchange.startAttempt(Bench.ORIGIN).end();
    exchange.end();
    assertThat(inner.spans.getFinishedSpanItems())
        .singleElement()
        .satisfies(span -> assertThat(span.getParentSpanId()).isEqualTo(SpanId.getInvalid()));
  }

  @Test
  void withoutPropagation_traceHeadersAreNeitherReadNorWritten() {
    Bench apart = bench(Layers.builder().withoutPropagation().build());
    Headers headers = new Headers().with("traceparent", TRACEPARENT).with("tracestate", "a=b");
    ExchangeObservation exchange = apart.telemetry.startExchange(Request.with(headers));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.inject(headers, Headers.ACCESS);
    attempt.end();
    exchange.end();
    assertThat(headers.all("traceparent")).containsExactly(TRACEPARENT);
    assertThat(headers.all("tracestate")).containsExactly("a=b");
    assertThat(apart.spans.getFinishedSpanItems())
        .hasSize(2)
        .noneMatch(span -> span.getTraceId().equals("0af7651916cd43dd8448eb211c80319c"));
  }

  @Test
  void staticAttributesAreOnTheSpansOfTheirLayer() {
    Layers layers =
        Layers.builder()
            .traces(Group.PROXY, Group.BACKEND)
            .traceAttribute("site", "north", Group.GLOBAL, Group.PROXY)
            .traceAttribute("team", "blue", Group.BACKEND)
            .build();
    Bench fixed = bench(layers);
    ExchangeObservation exchange = fixed.telemetry.startExchange(Request.of("POST"));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    attempt.end();
    exchange.end();
    AttributeKey<String> site = AttributeKey.stringKey("site");
    AttributeKey<String> team = AttributeKey.stringKey("team");
    assertThat(fixed.span("POST").getAttributes().get(site)).isEqualTo("north");
    assertThat(fixed.span("proxy").getAttributes().get(site)).isEqualTo("north");
    assertThat(fixed.span("backend").getAttributes().get(team)).isEqualTo("blue");
    assertThat(fixed.span("GET").getAttributes().get(team)).isEqualTo("blue");
    assertThat(fixed.span("backend").getAttributes().get(site)).isNull();
  }

  @Test
  void everyPartOfTheBackendIsSwitchedByItself() {
    assertThat(shown(Group.BACKEND)).containsExactlyInAnyOrder("backend");
    assertThat(shown(Group.READ_PAYLOAD)).containsExactlyInAnyOrder("read-tracer");
    assertThat(shown(Group.ROUND_TRIP)).containsExactlyInAnyOrder("response-duration");
    assertThat(shown(Group.DETAILED_CONNECTION)).containsExactlyInAnyOrder("get-conn-duration");
  }

  /** What the layer's spans are, and which of its attributes the client span has. */
  private static List<String> shown(Group part) {
    Bench bench = bench(Layers.builder().traces(part).build());
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("POST"));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.connectionAcquired(false);
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(200);
    attempt.responseBytes(7);
    attempt.responseEnd();
    exchange.end();
    List<String> shown = new ArrayList<>();
    for (SpanData span : bench.spans.getFinishedSpanItems()) {
      if (span.getKind() == SpanKind.INTERNAL) {
        shown.add(span.getName());
      }
    }
    for (String name : List.of("get-conn-duration", "response-duration")) {
      if (bench.span("GET").getAttributes().get(AttributeKey.doubleKey(name)) != null) {
        shown.add(name);
      }
    }
    return shown;
  }

  private static Bench bench(Layers layers) {
    return Bench.layered(MetricNaming.KRAKEND, layers);
  }
}
