package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.OwnBench;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing that names a client, a user's request or its destination leaves. */
class PrivacyTest {
  private static final List<String> TRACE_HEADERS =
      List.of(
          "traceparent",
          "tracestate",
          "traceresponse",
          "baggage",
          "b3",
          "X-B3-TraceId",
          "X-B3-SpanId",
          "X-B3-ParentSpanId",
          "X-B3-Sampled",
          "X-B3-Flags",
          "uber-trace-id",
          "X-Amzn-Trace-Id",
          "ot-tracer-traceid",
          "ot-tracer-spanid",
          "ot-tracer-sampled");

  @Test
  void strictTellsTheSameOfTwoWorldsThatDifferInTheirSecretsOnly() {
    assertThat(world(Privacy.STRICT, "alice", 1)).isEqualTo(world(Privacy.STRICT, "bob", 2));
  }

  @Test
  void metricsTellTheSameOfTwoWorlds_atStandardToo() {
    assertThat(world(Privacy.STANDARD, "alice", 1)).isEqualTo(world(Privacy.STANDARD, "bob", 2));
  }

  /** Proof that the tests above would notice: other traffic gives other metrics. */
  @Test
  void worldsOfAnotherShapeDiffer() {
    Bench once = strict();
    Bench twice = strict();
    traffic(once, "alice", 1);
    traffic(twice, "alice", 1);
    traffic(twice, "alice", 1);
    assertThat(exported(once)).isNotEqualTo(exported(twice));
  }

  @Test
  void strictTellsNothingOfACanary() {
    Bench bench = strict();
    assertThat(logged(() -> traffic(bench, "canary", 7))).doesNotContain("canary", "10.9.8.7");
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    assertThat(exported(bench)).contains("requests_total").doesNotContain("canary", "10.9.8.7");
  }

  @Test
  void standardTellsOfACanaryOnlyInThePath() {
    Bench bench = OwnBench.of(Sampling.always(), options -> options.layers(Layers.all()));
    assertThat(logged(() -> traffic(bench, "canary", 7))).doesNotContain("canary", "10.9.8.7");
    String spans = bench.spans.getFinishedSpanItems().toString();
    // The path is what the conventions require; and so is the caller's tracestate, in the context.
    assertThat(spans).contains("/canary-path");
    assertThat(spans.replace("/canary-path", "").replace("canary-state", ""))
        .doesNotContain("canary", "10.9.8.7");
    assertThat(exported(bench)).doesNotContain("canary", "10.9.8.7");
  }

  @Test
  void strictTakesTraceHeadersOffBothWays() {
    Bench bench = strict();
    Headers request = withTraceHeaders();
    Headers response = withTraceHeaders();
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.with(request));
    exchange.startAttempt(Bench.ORIGIN).inject(request, Headers.ACCESS);
    exchange.responseStarted(200, response, Headers.ACCESS);
    exchange.end();
    assertThat(request.all("x-kept")).containsExactly("1");
    assertThat(response.all("x-kept")).containsExactly("1");
    for (String name : TRACE_HEADERS) {
      assertThat(request.all(name)).as(name).isEmpty();
      assertThat(response.all(name)).as(name).isEmpty();
    }
    assertThat(response.all("server-timing")).containsExactly("proxy;dur=0");
  }

  @Test
  void standardLeavesResponsesAlone() {
    Bench bench = OwnBench.of(Sampling.always());
    Headers response = withTraceHeaders();
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.responseStarted(200, response, Headers.ACCESS);
    exchange.end();
    assertThat(TRACE_HEADERS).allSatisfy(name -> assertThat(response.all(name)).hasSize(1));
  }

  @Test
  void strictGivesLogLinesNoIds() {
    ExchangeObservation exchange = strict().telemetry.startExchange(Request.GET);
    assertThat(exchange.traceId()).isNull();
    assertThat(exchange.spanId()).isNull();
    try (Scope scope = exchange.activate()) {
      assertThat(scope).isNotNull();
      assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }
    exchange.end();
  }

  @Test
  void logsAtTheStartWhatWasChosen_andNothingOtherwise() {
    assertThat(logged(() -> start(Privacy.STRICT))).contains("Privacy is STRICT");
    assertThat(logged(() -> start(Privacy.STANDARD))).contains("Privacy is STANDARD");
    assertThat(logged(() -> ProxyTelemetrySdk.builder("p").build().close()))
        .doesNotContain("Privacy");
  }

  private static void start(Privacy privacy) {
    ProxyTelemetrySdk.builder("p")
        .recording(recording -> recording.privacy(Privacy.STRICT))
        .recording(recording -> recording.privacy(privacy))
        .build()
        .close();
  }

  private static Bench strict() {
    return bench(Privacy.STRICT);
  }

  private static Bench bench(Privacy privacy) {
    return OwnBench.of(Sampling.always(), options -> options.privacy(privacy).layers(Layers.all()));
  }

  private static String world(Privacy privacy, String secret, int number) {
    Bench bench = bench(privacy);
    traffic(bench, secret, number);
    return exported(bench);
  }

  /** All metric data, in a fixed order, with times from clocks that stand still. */
  private static String exported(Bench bench) {
    Collection<MetricData> metrics = bench.reader.collectAllMetrics();
    List<String> lines = new ArrayList<>();
    for (MetricData metric : metrics) {
      List<String> points = new ArrayList<>();
      metric.getData().getPoints().forEach(point -> points.add(point.toString()));
      points.sort(Comparator.naturalOrder());
      lines.add(metric.getName() + metric.getUnit() + metric.getDescription() + points);
    }
    lines.sort(Comparator.naturalOrder());
    return String.join("\n", lines);
  }

  /** Requests of every shape; all that a user or an origin can choose has the secret in it. */
  private static void traffic(Bench bench, String secret, int number) {
    Upstream destination = Upstream.of(secret + ".test", 10_000 + number);
    Throwable cause = new IllegalStateException(secret);
    DownstreamObservation connection =
        bench.telemetry.startDownstreamConnection(
            null, new InetSocketAddress("10.9.8." + number, 20_000 + number));
    for (String method : List.of("GET", "POST", secret)) {
      Headers headers = headers(secret, number);
      ExchangeObservation exchange =
          connection.startExchange(
              new Request(method, "/" + secret + "-path?q=" + secret + "-query", headers));
      exchange.handlingStarted();
      AttemptObservation attempt = exchange.startAttempt(destination);
      ConnectionObservation dial = attempt.startConnection();
      dial.enter(ConnectionPhase.SOCKET_CONNECT);
      bench.after(3);
      dial.established();
      attempt.connectionAcquired(false);
      attempt.inject(headers, Headers.ACCESS);
      attempt.requestStarted(new Request(method, "/" + secret + "-path", headers));
      attempt.requestBytes(5);
      bench.after(4);
      attempt.responseStarted(502, headers, Headers.ACCESS);
      attempt.responseBytes(6);
      attempt.fail(Side.UPSTREAM, ProxyError.HTTP_PROTOCOL_ERROR, cause);
      exchange.note(Side.UPSTREAM, ProxyError.HTTP_PROTOCOL_ERROR, cause);
      exchange.responseStarted(502, headers, Headers.ACCESS);
      exchange.responseBytes(7);
      exchange.requestEnd();
      exchange.responseEnd();
      dial.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, cause);
      assertThat(exchange.toString() + attempt + dial + connection + destination)
          .doesNotContain(secret);
    }
    ExchangeObservation connect = connection.startExchange(Request.CONNECT);
    connect.startAttempt(destination).end();
    connect.responseStarted(200);
    TunnelObservation tunnel = connect.startTunnel(TunnelKind.CONNECT);
    tunnel.bytesToUpstream(8);
    tunnel.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, cause);
    connection.end();
    assertThat(bench.telemetry.toString()).doesNotContain(secret);
  }

  private static Headers headers(String secret, int number) {
    return new Headers()
        .with("host", secret + "-host")
        .with("user-agent", secret + "-agent")
        .with("cookie", secret + "-cookie")
        .with("authorization", secret + "-authorization")
        .with("proxy-authorization", secret + "-proxy")
        .with("x-forwarded-for", "10.9.8." + number)
        .with("referer", secret + "-referer")
        .with("content-type", secret + "/type")
        .with("server-timing", secret + ";desc=" + secret)
        .with("baggage", "user=" + secret)
        .with("b3", secret)
        .with(
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319%1$d-b7ad6b7169203331-01".formatted(number))
        .with("tracestate", "v=" + secret + "-state");
  }

  private static Headers withTraceHeaders() {
    Headers headers = new Headers().with("x-kept", "1");
    TRACE_HEADERS.forEach(name -> headers.with(name, "1"));
    return headers;
  }

  private static String logged(Runnable runnable) {
    return String.join("\n", LogLines.of(runnable));
  }
}
