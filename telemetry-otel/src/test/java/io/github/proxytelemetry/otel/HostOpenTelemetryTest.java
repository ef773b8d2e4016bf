package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Telemetry over the OpenTelemetry of a host. Run twice: with the OpenTelemetry that the build
 * pins, and with the oldest one that is supported.
 */
class HostOpenTelemetryTest {
  private static final Upstream ORIGIN = Upstream.named("origin", "origin.test", 8443);
  private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE_ID + "-b7ad6b7169203331-01";

  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  @Test
  void runsWithTheVersionThatIsExpected() throws IOException {
    String expected = System.getProperty("expected.opentelemetry");
    assumeThat(expected).isNotNull();
    Properties properties = new Properties();
    try (InputStream in =
        OpenTelemetry.class.getResourceAsStream("/io/opentelemetry/api/version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    }
    String jar = OpenTelemetry.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    assertThat(properties.getProperty("sdk.version", jar)).contains(expected);
  }

  @Test
  void recordsWithNamingLayersAndCapture() {
    OpenTelemetrySdk host = host(Sampler.alwaysOn());
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder(host)
            .naming(MetricNaming.SEMCONV)
            .layers(Layers.all())
            .capture(Capture.builder().requestHeaders("X-Tenant").query().build())
            .build();
    Headers received = new Headers().with("X-Tenant", "blue");
    ExchangeObservation exchange =
        telemetry.startExchange(new Request("GET", "/users/7?page=2", received));
    exchange.route("/users/{id}");
    exchange.handlingStarted();
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    Headers sent = new Headers();
    attempt.inject(sent, Headers.ACCESS);
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(200);
    attempt.responseBytes(5);
    attempt.responseEnd();
    exchange.requestEnd();
    exchange.responseStarted(200, new Headers(), Headers.ACCESS);
    exchange.responseEnd();

    assertThat(reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .contains("http.server.request.duration", "http.client.request.duration")
        .contains("http.server.active_requests");
    SpanData server = span(SpanKind.SERVER);
    SpanData client = span(SpanKind.CLIENT);
    assertThat(server.getName()).isEqualTo("GET /users/{id}");
    assertThat(server.getAttributes().get(AttributeKey.stringKey("url.query"))).isEqualTo("page=2");
    assertThat(
            server.getAttributes().get(AttributeKey.stringArrayKey("http.request.header.x-tenant")))
        .containsExactly("blue");
    assertThat(client.getTraceId()).isEqualTo(server.getTraceId());
    assertThat(sent.all("traceparent"))
        .singleElement()
        .asString()
        .startsWith("00-" + client.getTraceId() + "-" + client.getSpanId());
    assertThat(spans.getFinishedSpanItems())
        .extracting(SpanData::getName)
        .contains("proxy", "backend", "read-tracer");
    telemetry.close();
    assertThat(reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .noneMatch(name -> name.equals("http.server.active_requests"));
  }

  @Test
  void continuesTheHostsCurrentSpan_whereTheRequestHasNoContext() {
    OpenTelemetrySdk host = host(Sampler.alwaysOn());
    OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(host);
    Span outer = host.getTracer("host").spanBuilder("outer").startSpan();
    try (var scope = outer.makeCurrent()) {
      assertThat(scope).isNotNull();
      telemetry.startExchange(Request.of("GET")).end();
    }
    outer.end();
    assertThat(span(SpanKind.SERVER).getParentSpanId())
        .isEqualTo(outer.getSpanContext().getSpanId());
    assertThat(span(SpanKind.SERVER).getTraceId()).isEqualTo(outer.getSpanContext().getTraceId());
  }

  /** A request that another instrumentation has continued already, as an agent does. */
  @Test
  void continuesTheHostsCurrentSpan_whereItIsOfTheSameTrace() {
    OpenTelemetrySdk host = host(Sampler.alwaysOn());
    OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(host);
    Headers received = new Headers().with("traceparent", TRACEPARENT);
    Span outer =
        host.getTracer("agent")
            .spanBuilder("outer")
            .setParent(
                Context.root()
                    .with(
                        Span.wrap(
                            SpanContext.createFromRemoteParent(
                                TRACE_ID,
                                "b7ad6b7169203331",
                                TraceFlags.getSampled(),
                                TraceState.getDefault()))))
            .startSpan();
    try (var scope = outer.makeCurrent()) {
      assertThat(scope).isNotNull();
      telemetry.startExchange(Request.with(received)).end();
    }
    assertThat(span(SpanKind.SERVER).getParentSpanId())
        .isEqualTo(outer.getSpanContext().getSpanId());
  }

  @Test
  void continuesTheRequestsTrace_whereTheCurrentSpanIsOfAnother() {
    OpenTelemetrySdk host = host(Sampler.alwaysOn());
    OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(host);
    Span other = host.getTracer("host").spanBuilder("other").startSpan();
    try (var scope = other.makeCurrent()) {
      assertThat(scope).isNotNull();
      telemetry.startExchange(Request.with(new Headers().with("traceparent", TRACEPARENT))).end();
    }
    assertThat(span(SpanKind.SERVER).getTraceId()).isEqualTo(TRACE_ID);
    assertThat(span(SpanKind.SERVER).getParentSpanId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void startsANewTrace_whereTheListenerIsPublic() {
    OpenTelemetrySdk host = host(Sampler.alwaysOn());
    OtelProxyTelemetry telemetry = OtelProxyTelemetry.builder(host).trust(Trust.RESTART).build();
    Span outer = host.getTracer("host").spanBuilder("outer").startSpan();
    try (var scope = outer.makeCurrent()) {
      assertThat(scope).isNotNull();
      telemetry.startExchange(Request.with(new Headers().with("traceparent", TRACEPARENT))).end();
    }
    assertThat(span(SpanKind.SERVER).getParentSpanId()).isEqualTo(SpanId.getInvalid());
  }

  @Test
  void removesTraceHeaders_whereNothingMayBeRecordedOfARequest() {
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder(host(Sampler.alwaysOn())).privacy(Privacy.STRICT).build();
    Headers headers = new Headers().with("traceparent", TRACEPARENT).with("b3", "0");
    ExchangeObservation exchange = telemetry.startExchange(Request.with(headers));
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.inject(headers, Headers.ACCESS);
    attempt.end();
    exchange.end();
    assertThat(headers.isEmpty()).isTrue();
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/"})
  void removesTraceHeaders_fromInterimResponsesAndTrailers_wherePrivacyIsStrict(String skipped) {
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder(host(Sampler.alwaysOn()))
            .privacy(Privacy.STRICT)
            .skipPaths(skipped)
            .build();
    ExchangeObservation exchange = telemetry.startExchange(Request.of("GET"));
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    Headers hints = new Headers().with("traceparent", TRACEPARENT);
    exchange.informational(103, hints, Headers.ACCESS);
    Headers early = new Headers().with("traceresponse", TRACEPARENT);
    exchange.responseStarted(103, early, Headers.ACCESS);
    Headers request = new Headers().with("b3", "0");
    attempt.requestTrailers(request, Headers.ACCESS);
    attempt.end();
    Headers response = new Headers().with("x-b3-traceid", "0").with("grpc-status", "0");
    exchange.responseTrailers(response, Headers.ACCESS);
    exchange.end();
    assertThat(hints.isEmpty()).isTrue();
    assertThat(early.isEmpty()).isTrue();
    assertThat(request.isEmpty()).isTrue();
    assertThat(response.all("x-b3-traceid")).isEmpty();
    assertThat(response.all("grpc-status")).hasSize(1);
  }

  @Test
  void injectsOnlyWhereTheHostSays() {
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder(host(Sampler.alwaysOn()))
            .propagateTo(upstream -> upstream.host().endsWith(".internal"))
            .build();
    ExchangeObservation exchange = telemetry.startExchange(Request.of("GET"));
    Headers third = new Headers();
    exchange.startAttempt(ORIGIN).inject(third, Headers.ACCESS);
    Headers own = new Headers();
    exchange.startAttempt(Upstream.of("a.internal", 80)).inject(own, Headers.ACCESS);
    exchange.end();
    assertThat(third.isEmpty()).isTrue();
    assertThat(own.all("traceparent")).hasSize(1);
  }

  @Test
  void warnsOnce_whereNothingCanBeRecorded() {
    List<String> lines =
        LogLines.of(
            () -> {
              OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(OpenTelemetry.noop());
              assertThat(telemetry.isEnabled()).isFalse();
              telemetry.startExchange(Request.of("GET")).end();
            });
    assertThat(lines).singleElement().asString().startsWith("OpenTelemetry is noop()");
  }

  @Test
  void warnsOnce_whereThereAreNoMetrics() {
    OpenTelemetry tracesOnly = new TracesOnly(host(Sampler.alwaysOn()));
    List<String> lines =
        LogLines.of(
            () -> {
              OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(tracesOnly);
              assertThat(telemetry.isEnabled()).isTrue();
              telemetry.startExchange(Request.of("GET")).end();
            });
    assertThat(lines).singleElement().asString().contains("no meter provider");
    assertThat(span(SpanKind.SERVER).getName()).isEqualTo("GET");
  }

  private OpenTelemetrySdk host(Sampler sampler) {
    return OpenTelemetrySdk.builder()
        .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build())
        .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
        .build();
  }

  private SpanData span(SpanKind kind) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getKind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " not in " + spans.getFinishedSpanItems()));
  }

  /** OpenTelemetry of a host that has switched metrics off: its default provider is the no-op. */
  private record TracesOnly(OpenTelemetrySdk sdk) implements OpenTelemetry {
    @Override
    public TracerProvider getTracerProvider() {
      return sdk.getTracerProvider();
    }

    @Override
    public ContextPropagators getPropagators() {
      return sdk.getPropagators();
    }
  }
}
