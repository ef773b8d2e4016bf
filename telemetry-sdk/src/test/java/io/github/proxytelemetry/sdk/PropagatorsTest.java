package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.contrib.awsxray.propagator.AwsXrayPropagator;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import io.opentelemetry.extension.trace.propagation.JaegerPropagator;
import io.opentelemetry.extension.trace.propagation.OtTracePropagator;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every propagator against the ecosystem's own on the other side. */
class PropagatorsTest {
  private static final String PARENT = "b7ad6b7169203331";

  /** Today's seconds are in front, as X-Ray wants; the lower half is all that ottrace keeps. */
  private static final String TRACE = "6500000016cd43dd8448eb211c80319c";

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
  @ValueSource(strings = {"tracecontext", "b3", "b3multi", "jaeger", "xray", "ottrace"})
  void carriesATraceInAndOut(String name) throws Exception {
    Map<String, String> received = inject(official(name), remote());
    Map<String, String> sent = exchange(received, name);
    ReceivedSpan server = span(SpanKind.SPAN_KIND_SERVER);
    ReceivedSpan client = span(SpanKind.SPAN_KIND_CLIENT);
    assertThat(server.parentSpanId()).isEqualTo(PARENT);
    assertThat(server.traceId()).isEqualTo(kept(name, TRACE));
    SpanContext upstream = extract(official(name), sent);
    assertThat(upstream.getTraceId()).isEqualTo(kept(name, TRACE));
    assertThat(upstream.getSpanId()).isEqualTo(client.spanId());
    assertThat(upstream.isSampled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracecontext", "b3", "b3multi", "jaeger", "xray", "ottrace"})
  void keepsTheDecisionNotToRecord(String name) {
    SpanContext unsampled =
        SpanContext.create(TRACE, PARENT, TraceFlags.getDefault(), TraceState.getDefault());
    Map<String, String> received =
        inject(official(name), Context.root().with(Span.wrap(unsampled)));
    SpanContext upstream = extract(official(name), exchange(received, name));
    assertThat(upstream.getTraceId()).isEqualTo(kept(name, TRACE));
    assertThat(upstream.isSampled()).isFalse();
    assertThat(collector.received().spans()).isEmpty();
  }

  @Test
  void carriesBaggage_whereItIsAskedFor() {
    Context context = remote().with(Baggage.builder().put("tenant", "7").build());
    Map<String, String> received = inject(official("tracecontext"), context);
    received.putAll(inject(official("baggage"), context));
    assertThat(exchange(received, "tracecontext", "baggage")).containsEntry("baggage", "tenant=7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracecontext", "b3", "b3multi", "jaeger", "xray", "ottrace"})
  void carriesNoBaggage_whereItIsNotAskedFor(String name) {
    Context context = remote().with(Baggage.builder().put("tenant", "planted").build());
    Map<String, String> received = inject(official(name), context);
    received.putAll(inject(official("baggage"), context));
    assertThat(exchange(received, name).toString()).doesNotContain("planted");
    assertThat(exchange(received, name).keySet()).doesNotContain("baggage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracecontext", "b3", "b3multi", "jaeger", "xray", "ottrace"})
  void carriesNoBaggageOfTheHost_whereItIsNotAskedFor(String name) {
    Headers sent = new Headers();
    try (ProxyTelemetrySdk telemetry = telemetry(name);
        Scope scope = Baggage.builder().put("tenant", "planted").build().makeCurrent()) {
      assertThat(scope).isNotNull();
      AttemptObservation attempt = telemetry.startAttempt(Bench.ORIGIN);
      attempt.inject(sent, Headers.ACCESS);
      attempt.end();
    }
    assertThat(sent.map()).isNotEmpty().doesNotContainKey("baggage");
    assertThat(sent.map().toString()).doesNotContain("planted");
  }

  @Test
  void makesIdsOfXray_alsoWhereNothingIsRecorded() {
    long before = System.currentTimeMillis() / 1000;
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("proxy")
            .otlp(collector.endpoint())
            .sampling(Sampling.never())
            .propagators("xray")
            .traceIdGenerator(TraceIdGenerator.XRAY)
            .build()) {
      SpanContext upstream = extract(official("xray"), drive(telemetry, Map.of()));
      long after = System.currentTimeMillis() / 1000;
      assertThat(upstream.isSampled()).isFalse();
      assertThat(Long.parseLong(upstream.getTraceId().substring(0, 8), 16))
          .isBetween(before, after);
    }
  }

  @Test
  void writesAllOfAList_andReadsAnyOfIt() throws Exception {
    Map<String, String> received = inject(official("jaeger"), remote());
    Map<String, String> sent = exchange(received, "tracecontext", "b3", "jaeger");
    assertThat(sent).containsKeys("traceparent", "b3", "uber-trace-id");
    assertThat(span(SpanKind.SPAN_KIND_SERVER).parentSpanId()).isEqualTo(PARENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"b3", "b3multi"})
  void readsBothFormsOfB3(String name) throws Exception {
    String other = name.equals("b3") ? "b3multi" : "b3";
    exchange(inject(official(other), remote()), name);
    assertThat(span(SpanKind.SPAN_KIND_SERVER).parentSpanId()).isEqualTo(PARENT);
  }

  @Test
  void honoursTheStandardVariable() {
    Map<String, String> environment =
        Map.of(
            "OTEL_PROPAGATORS",
            "b3multi, ottrace",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            collector.endpoint());
    try (ProxyTelemetrySdk telemetry = Configurations.environment(environment).build()) {
      assertThat(drive(telemetry, Map.of())).containsKeys("x-b3-traceid", "ot-tracer-traceid");
    }
  }

  @Test
  void carriesNothing_whereThatIsAskedFor() {
    assertThat(exchange(inject(official("tracecontext"), remote()), "none")).isEmpty();
  }

  @Test
  void listsTheNames_whereOneIsUnknown() {
    String expected =
        "; expected tracecontext, baggage, b3, b3multi, jaeger, xray, ottrace, or none alone";
    assertThatThrownBy(() -> ProxyTelemetrySdk.builder("a").propagators("b3", "zipkin"))
        .hasMessage("propagators: invalid value \"b3,zipkin\"" + expected);
    assertThatThrownBy(() -> ProxyTelemetrySdk.builder("a").propagators("none", "b3"))
        .hasMessage("propagators: invalid value \"none,b3\"" + expected);
  }

  private Map<String, String> exchange(Map<String, String> received, String... names) {
    try (ProxyTelemetrySdk telemetry = telemetry(names)) {
      return drive(telemetry, received);
    }
  }

  private ProxyTelemetrySdk telemetry(String... names) {
    return ProxyTelemetrySdk.builder("proxy")
        .otlp(collector.endpoint())
        .sampling(Sampling.always())
        .propagators(names)
        .build();
  }

  private static Map<String, String> drive(
      ProxyTelemetrySdk telemetry, Map<String, String> received) {
    Headers headers = new Headers();
    received.forEach(headers::with);
    Headers sent = new Headers();
    ExchangeObservation exchange = telemetry.startExchange(Request.with(headers));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.inject(sent, Headers.ACCESS);
    attempt.responseEnd();
    exchange.end();
    Configurations.flush(telemetry);
    return sent.map();
  }

  private ReceivedSpan span(SpanKind kind) throws InterruptedException {
    collector
        .received()
        .await(
            Configurations.LIMIT,
            received -> received.spans().stream().anyMatch(span -> span.kind() == kind));
    return collector.received().spans().stream()
        .filter(span -> span.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static Context remote() {
    SpanContext parent =
        SpanContext.create(TRACE, PARENT, TraceFlags.getSampled(), TraceState.getDefault());
    return Context.root().with(Span.wrap(parent));
  }

  /** OpenTracing's header has room for 64 bits of it. */
  private static String kept(String name, String traceId) {
    return name.equals("ottrace") ? "0".repeat(16) + traceId.substring(16) : traceId;
  }

  private static Map<String, String> inject(TextMapPropagator propagator, Context context) {
    Map<String, String> headers = new TreeMap<>();
    propagator.inject(
        context, headers, (into, name, value) -> into.put(name.toLowerCase(Locale.ROOT), value));
    return headers;
  }

  private static SpanContext extract(TextMapPropagator propagator, Map<String, String> headers) {
    return Span.fromContext(propagator.extract(Context.root(), headers, new MapGetter()))
        .getSpanContext();
  }

  @SuppressWarnings("deprecation")
  private static TextMapPropagator official(String name) {
    return switch (name) {
      case "tracecontext" -> W3CTraceContextPropagator.getInstance();
      case "baggage" -> W3CBaggagePropagator.getInstance();
      case "b3" -> B3Propagator.injectingSingleHeader();
      case "b3multi" -> B3Propagator.injectingMultiHeaders();
      case "jaeger" -> JaegerPropagator.getInstance();
      case "xray" -> AwsXrayPropagator.getInstance();
      case "ottrace" -> OtTracePropagator.getInstance();
      default -> throw new AssertionError(name);
    };
  }

  private static final class MapGetter implements TextMapGetter<Map<String, String>> {
    @Override
    public Iterable<String> keys(Map<String, String> headers) {
      return List.copyOf(headers.keySet());
    }

    @Override
    public String get(Map<String, String> headers, String name) {
      return headers == null ? null : headers.get(name.toLowerCase(Locale.ROOT));
    }
  }
}
