package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.ReceivedTelemetry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of the recording as variables. */
class RecordingVariablesTest {
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

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
    "NAMING=privacy_proxy,            privacy_proxy_requests_total",
    "NAMING=SEMCONV,                  http.server.active_requests",
    "NAMING=krakend LAYERS=all,       read-size",
    "METRIC_PREFIX=edge_,             edge_requests_total",
    "LAYERS=global,                   privacy_proxy_request_duration_seconds",
    "'LAYERS=Round_Trip,proxy',       privacy_proxy_upstream_requests_started_total"
  })
  void chooseTheMetrics(String settings, String metric) {
    assertThat(drive(settings.split(" ", -1), Map.of(), new Headers()).metricNames())
        .contains(metric);
  }

  @Test
  void switchNoLayerOn_whereNoneIsNamed() {
    assertThat(drive(new String[] {"LAYERS=none"}, Map.of(), new Headers()).metricNames())
        .contains("privacy_proxy_requests_total")
        .doesNotContain("privacy_proxy_request_duration_seconds");
  }

  @Test
  void skipPaths() {
    assertThat(sum(drive(new String[] {"SKIP_PATHS=/foo/,/other"}, Map.of(), new Headers())))
        .isZero();
    assertThat(sum(drive(new String[] {"SKIP_PATHS=/other"}, Map.of(), new Headers())))
        .isEqualTo(1);
  }

  @Test
  void chooseTheTrust() {
    Headers received = new Headers().with("traceparent", TRACEPARENT);
    drive(new String[] {"TRUST=restart"}, Map.of(), received);
    assertThat(server().traceId()).isNotEqualTo(TRACEPARENT.substring(3, 35));
  }

  @Test
  void choosePrivacy_whereOnlyACallAddsAnExporter() {
    Map<String, String> strict =
        Map.of("PROXY_TELEMETRY_PRIVACY", "strict", "OTEL_TRACES_SAMPLER", "always_on");
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder(Configuration.of(strict)).otlp(collector.endpoint()).build()) {
      assertThat(telemetry.startExchange(Request.GET).traceId()).isNull();
    }
  }

  @Test
  void choosePrivacy() {
    drive(new String[] {"PRIVACY=Strict"}, Map.of(), new Headers());
    assertThat(collector.received().spans()).isEmpty();
    assertThat(sum(collector.received())).isEqualTo(1);
  }

  @Test
  void captureWhatIsNamed() {
    Headers received = new Headers().with("x-tenant", "a");
    drive(
        new String[] {"CAPTURE_REQUEST_HEADERS=X-Tenant", "CAPTURE_QUERY=true"},
        Map.of(),
        received);
    assertThat(server().attributes().toString()).contains("http.request.header.x-tenant");
  }

  @Test
  void refuseToCaptureCredentials() {
    assertThatThrownBy(
            () ->
                Configurations.environment(
                    Map.of("PROXY_TELEMETRY_CAPTURE_REQUEST_HEADERS", "authorization")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("PROXY_TELEMETRY_CAPTURE_REQUEST_HEADERS: ");
  }

  @Test
  void switchServerTimingOff() {
    Headers response = new Headers();
    try (ProxyTelemetrySdk telemetry = telemetry(new String[] {"SERVER_TIMING=false"}, Map.of())) {
      ExchangeObservation exchange = telemetry.startExchange(Request.GET);
      exchange.responseStarted(200, response, Headers.ACCESS);
      exchange.end();
    }
    assertThat(response.all("server-timing")).isEmpty();
  }

  @Test
  void addTheErrorToTheStatus() {
    assertThat(byStatus("PROXY_STATUS=true"))
        .containsEntry(Map.of("status", "502", "proxyStatus", "connection_refused"), 1.0)
        .containsEntry(Map.of("status", "200"), 0.0);
  }

  @Test
  void addNoErrorToTheStatus_unlessAsked() {
    assertThat(byStatus("PROXY_STATUS=false"))
        .containsEntry(Map.of("status", "502"), 1.0)
        .allSatisfy((labels, count) -> assertThat(labels).containsOnlyKeys("status"));
  }

  /** OpenTelemetry's variable, and ours, which goes before it. */
  @ParameterizedTest
  @CsvSource({
    "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS, 'GET, PROPFIND', LOCK",
    "PROXY_TELEMETRY_KNOWN_METHODS,           'GET,PROPFIND',  LOCK",
    "PROXY_TELEMETRY_TRUST,                   continue,        PROPFIND"
  })
  void chooseTheKnownMethods(String key, String value, String unknown) {
    Map<String, String> more = new HashMap<>();
    if (!key.startsWith("OTEL")) {
      more.put("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", " , ");
    }
    more.put(key, value);
    try (ProxyTelemetrySdk telemetry = telemetry(new String[0], more)) {
      telemetry.startExchange(Request.of(unknown)).end();
      Configurations.flush(telemetry);
    }
    assertThat(collector.received().metric("privacy_proxy_requests_total"))
        .containsEntry(Map.of("method", "_OTHER"), 1.0)
        .containsEntry(Map.of("method", "GET"), 0.0)
        .doesNotContainKey(Map.of("method", unknown));
  }

  @Test
  void logExchanges() {
    assertThat(LogLines.of(() -> drive(new String[] {"ACCESS_LOG=1.0"}, Map.of(), new Headers())))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("method=GET status=200 duration_seconds=0.")
                    .contains(" trace_id=" + server().traceId()));
  }

  @Test
  void refuseToLogExchanges_underStrictPrivacy() {
    assertThatThrownBy(() -> telemetry(new String[] {"ACCESS_LOG=0", "PRIVACY=strict"}, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("STRICT with an access log");
  }

  @Test
  void sampleByRules() {
    Sampling sampling =
        spec("SAMPLING_RULES=GET /foo/{bar}=1, /foo/=0", "SAMPLING_KEEP_SLOWER_THAN=250").sampling;
    Sampling get = sampling.forRequest(new Request("GET", "/foo/7", new Headers()));
    Sampling post = sampling.forRequest(new Request("POST", "/foo/7", new Headers()));
    assertThat(get.sample(Request.GET, -1)).isTrue();
    assertThat(post.sample(Request.GET, 0)).isFalse();
    assertThat(post.sampleAtEnd(false, 250_000_000)).isTrue();
    assertThat(post.sampleAtEnd(false, 249_999_999)).isFalse();
    assertThat(post.sampleAtEnd(true, 0)).isTrue();
  }

  @Test
  void capTheTraces() {
    Sampling capped = spec("SAMPLING_MAX_PER_SECOND=0").sampling;
    assertThat(capped.follow()).isFalse();
  }

  @Test
  void areReplacedByCalls() {
    try (ProxyTelemetrySdk telemetry =
        builder(new String[] {"NAMING=krakend"}, Map.of())
            .recording(options -> options.naming(MetricNaming.SEMCONV))
            .build()) {
      Configurations.drive(telemetry, new Headers());
    }
    assertThat(collector.received().metricNames()).contains("http.server.active_requests");
  }

  /** The naming beside KrakenD's document, whose layers and buckets stay. */
  @Test
  void areReadBesideKrakendsDocument() {
    Map<String, Object> document =
        Map.of(
            "exporters.otlp[0].host",
            "127.0.0.1",
            "exporters.otlp[0].port",
            collector.endpoint().substring(collector.endpoint().lastIndexOf(':') + 1));
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder(
                Configuration.of(document, Map.of("proxy.telemetry.naming", "semconv"), Map.of()))
            .build()) {
      Configurations.drive(telemetry, new Headers());
    }
    assertThat(collector.received().metricNames()).contains("http.server.request.duration");
  }

  private ReceivedTelemetry drive(String[] settings, Map<String, String> more, Headers received) {
    try (ProxyTelemetrySdk telemetry = telemetry(settings, more)) {
      ExchangeObservation exchange =
          telemetry.startExchange(new Request("GET", "/foo/7?a=b", received));
      AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
      attempt.requestStarted(Request.GET);
      attempt.responseStarted(200);
      attempt.responseBytes(5);
      attempt.responseEnd();
      exchange.responseStarted(200);
      exchange.end();
      Configurations.flush(telemetry);
    }
    return collector.received();
  }

  private Map<Map<String, String>, Double> byStatus(String setting) {
    try (ProxyTelemetrySdk telemetry = telemetry(new String[] {setting}, Map.of())) {
      ExchangeObservation exchange = telemetry.startExchange(Request.GET);
      exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
      exchange.responseStarted(502);
      exchange.end();
      Configurations.flush(telemetry);
    }
    return collector.received().metric("privacy_proxy_requests_by_status");
  }

  private static double sum(ReceivedTelemetry received) {
    return received.total("privacy_proxy_requests_total");
  }

  private ReceivedSpan server() {
    return collector.received().spans().stream()
        .filter(span -> span.kind().name().contains("SERVER"))
        .findFirst()
        .orElseThrow();
  }

  private ProxyTelemetrySdk telemetry(String[] settings, Map<String, String> more) {
    return builder(settings, more).build();
  }

  private ProxyTelemetrySdkBuilder builder(String[] settings, Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
    variables.put("OTEL_TRACES_SAMPLER", "always_on");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      variables.put(
          "PROXY_TELEMETRY_" + setting.substring(0, equals), setting.substring(equals + 1));
    }
    return Configurations.environment(variables);
  }

  private SdkSpec spec(String... settings) {
    assertThat(List.of(settings)).isNotEmpty();
    return builder(settings, Map.of()).spec;
  }
}
