package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.OtlpReceiver;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.ReceivedTelemetry;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The environment of imgproxy, as it is documented, in a process that has no other. */
class ImgproxyProxyTest {
  private static final String ENDPOINT = "IMGPROXY_OPEN_TELEMETRY_ENDPOINT";
  private static final String PROTOCOL = "IMGPROXY_OPEN_TELEMETRY_PROTOCOL";
  private static final String SERVICE_NAME = "IMGPROXY_OPEN_TELEMETRY_SERVICE_NAME";
  private static final String PROPAGATORS = "IMGPROXY_OPEN_TELEMETRY_PROPAGATORS";
  private static final String GRPC_INSECURE = "IMGPROXY_OPEN_TELEMETRY_GRPC_INSECURE";
  private static final String ENABLE_METRICS = "IMGPROXY_OPEN_TELEMETRY_ENABLE_METRICS";
  private static final String GENERATOR = "IMGPROXY_OPEN_TELEMETRY_TRACE_ID_GENERATOR";
  private static final String SERVER_CERT = "IMGPROXY_OPEN_TELEMETRY_SERVER_CERT";
  private static final String CLIENT_CERT = "IMGPROXY_OPEN_TELEMETRY_CLIENT_CERT";
  private static final String CLIENT_KEY = "IMGPROXY_OPEN_TELEMETRY_CLIENT_KEY";

  @TempDir Path directory;
  private TestOrigin origin;

  @BeforeEach
  void start() throws Exception {
    origin = TestOrigin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "https", "http"})
  void sendsTracesAndMetrics_overEachProtocol(String protocol) throws Exception {
    TlsFixture tls = TlsFixture.create();
    try (OtlpReceiver collector = receiver(protocol, tls)) {
      Map<String, String> environment = environment(collector);
      environment.put(PROTOCOL, protocol);
      environment.put(SERVICE_NAME, "images");
      environment.put(ENABLE_METRICS, "true");
      if (protocol.equals("https")) {
        environment.put(SERVER_CERT, oneLine(tls.certificatePem()));
      }
      try (ConfiguredFixture proxy = run(environment)) {
        sendTraffic(proxy);
        proxy.flush();
        checkMetrics(collector.received(), 1);
        proxy.stop();
      }
      checkMetrics(collector.received(), 0);
      checkSpans(collector.received().spans());
      assertThat(collector.received().resource()).containsEntry("service.name", "images");
    }
  }

  @Test
  void writesEveryKindOfHeader() throws Exception {
    try (OtlpReceiver collector = OtlpGrpcReceiver.start()) {
      Map<String, String> environment = environment(collector);
      environment.put(PROPAGATORS, "tracecontext,baggage,b3,b3multi,jaeger,xray,ottrace");
      try (ConfiguredFixture proxy = run(environment)) {
        assertThat(proxy.getFromOrigin("/hello", "baggage: a=1")).isEqualTo(200);
        proxy.stop();
      }
      ReceivedSpan client = of(collector.received().spans(), SpanKind.SPAN_KIND_CLIENT).get(0);
      Headers sent = origin.receivedHeaders().get(0);
      String trace = client.traceId();
      String span = client.spanId();
      assertThat(sent.get("traceparent"))
          .singleElement()
          .asString()
          .startsWith("00-" + trace + '-' + span);
      assertThat(sent.get("baggage")).containsExactly("a=1");
      assertThat(sent.get("b3")).containsExactly(trace + '-' + span + "-1");
      assertThat(sent.get("X-B3-TraceId")).containsExactly(trace);
      assertThat(sent.get("X-B3-SpanId")).containsExactly(span);
      assertThat(sent.get("X-B3-Sampled")).containsExactly("1");
      assertThat(sent.get("uber-trace-id")).containsExactly(trace + ':' + span + ":0:1");
      assertThat(sent.get("X-Amzn-Trace-Id"))
          .singleElement()
          .asString()
          .startsWith(
              "Root=1-"
                  + trace.substring(0, 8)
                  + '-'
                  + trace.substring(8)
                  + ";Parent="
                  + span
                  + ";Sampled=1");
      // It has room for 64 bits.
      assertThat(sent.get("ot-tracer-traceid")).containsExactly(trace.substring(16));
      assertThat(sent.get("ot-tracer-spanid")).containsExactly(span);
    }
  }

  @Test
  void makesIdsOfXray_andWritesNoHeaders_whereNothingIsSaid() throws Exception {
    try (OtlpReceiver collector = OtlpGrpcReceiver.start()) {
      long before = Instant.now().getEpochSecond();
      try (ConfiguredFixture proxy = run(environment(collector))) {
        sendTraffic(proxy);
        proxy.stop();
      }
      long after = Instant.now().getEpochSecond();
      checkSpans(collector.received().spans());
      assertThat(collector.received().spans())
          .extracting(ImgproxyProxyTest::seconds)
          .allMatch(seconds -> seconds >= before && seconds <= after);
      assertThat(collector.received().metricNames()).isEmpty();
      assertThat(origin.receivedHeaders())
          .allMatch(headers -> !headers.containsKey("traceparent") && !headers.containsKey("b3"));
    }
  }

  @Test
  void makesRandomIds_whereTheyAreAskedFor() throws Exception {
    try (OtlpReceiver collector = OtlpGrpcReceiver.start()) {
      Map<String, String> environment = environment(collector);
      environment.put(GENERATOR, "random");
      try (ConfiguredFixture proxy = run(environment)) {
        for (int i = 0; i < 64; i++) {
          assertThat(proxy.getFromOrigin("/hello")).isEqualTo(200);
        }
        proxy.stop();
      }
      List<BigInteger> ids =
          of(collector.received().spans(), SpanKind.SPAN_KIND_SERVER).stream()
              .map(span -> new BigInteger(span.traceId(), 16))
              .toList();
      assertThat(ids).hasSize(64).doesNotHaveDuplicates();
      // A bit that is the same in 64 random ids is one in 2 to the 56th.
      BigInteger all = ids.stream().reduce(BigInteger::and).orElseThrow();
      BigInteger any = ids.stream().reduce(BigInteger::or).orElseThrow();
      assertThat(all).isZero();
      assertThat(any.bitCount()).isEqualTo(128);
    }
  }

  @Test
  void showsItsCertificate_whereTheCollectorWantsOne() throws Exception {
    TlsFixture server = TlsFixture.create();
    TlsFixture client = TlsFixture.create();
    try (OtlpReceiver collector = OtlpGrpcReceiver.start(0, server, client)) {
      Map<String, String> environment = environment(collector);
      environment.put(SERVER_CERT, oneLine(server.certificatePem()));
      environment.put(CLIENT_CERT, oneLine(client.certificatePem()));
      environment.put(CLIENT_KEY, oneLine(client.keyPem()));
      try (ConfiguredFixture proxy = run(environment)) {
        sendTraffic(proxy);
        proxy.stop();
      }
      checkSpans(collector.received().spans());
    }
  }

  @Test
  void trustsTheRootsOfTheRuntime_whereItMustBeSecureWithoutCertificates() throws Exception {
    TlsFixture tls = TlsFixture.create();
    try (OtlpReceiver collector = OtlpGrpcReceiver.start(0, tls)) {
      Map<String, String> environment = environment(collector);
      environment.put(GRPC_INSECURE, "false");
      try (ConfiguredFixture proxy = run(environment, tls.asRoots(directory))) {
        sendTraffic(proxy);
        proxy.stop();
      }
      checkSpans(collector.received().spans());
    }
  }

  private static OtlpReceiver receiver(String protocol, TlsFixture tls) throws Exception {
    return switch (protocol) {
      case "grpc" -> OtlpGrpcReceiver.start();
      case "http" -> OtlpHttpReceiver.start();
      default -> OtlpHttpReceiver.start(tls);
    };
  }

  private static Map<String, String> environment(OtlpReceiver collector) {
    Map<String, String> environment = new HashMap<>();
    environment.put(ENDPOINT, collector.endpoint().replaceFirst("^https?://", ""));
    return environment;
  }

  private ConfiguredFixture run(Map<String, String> environment) throws Exception {
    return run(environment, List.of());
  }

  private ConfiguredFixture run(Map<String, String> environment, List<String> options)
      throws Exception {
    return ConfiguredFixture.start(
        origin, Program.java(options, ConfiguredProxy.class, "imgproxy"), environment);
  }

  /** Five exchanges, four of which reach the origin. */
  private static void sendTraffic(ConfiguredFixture proxy) throws Exception {
    assertThat(proxy.getFromOrigin("/hello")).isEqualTo(200);
    assertThat(proxy.getFromOrigin("/status?code=404")).isEqualTo(404);
    assertThat(proxy.getFromOrigin("/status?code=503")).isEqualTo(503);
    assertThat(proxy.get(ProxyFixture.refused()).status()).isEqualTo(502);
    proxy.tunnel("/hello");
  }

  private static void checkSpans(List<ReceivedSpan> spans) {
    assertThat(of(spans, SpanKind.SPAN_KIND_SERVER))
        .extracting(span -> span.name() + ' ' + span.attributes().get("http.response.status_code"))
        .containsExactlyInAnyOrder("GET 200", "GET 404", "GET 503", "GET 502", "CONNECT 200");
    assertThat(of(spans, SpanKind.SPAN_KIND_CLIENT))
        .hasSize(5)
        .filteredOn(span -> "connection_refused".equals(span.attributes().get("error.type")))
        .hasSize(1);
  }

  private static void checkMetrics(ReceivedTelemetry received, double images) {
    Map<String, Double> expected = new HashMap<>();
    expected.put("requests_in_progress", 0.0);
    expected.put("images_in_progress", images);
    expected.put("buffer_size_bytes", 1.0);
    expected.put("buffer_default_size_bytes", 4096.0);
    expected.put("buffer_max_size_bytes", 65_536.0);
    expected.put("vips_memory_bytes", 300.0);
    expected.put("vips_max_memory_bytes", 500.0);
    expected.put("vips_allocs", 2.0);
    expected.forEach(
        (name, value) ->
            assertThat(received.metric(name)).as(name).isEqualTo(Map.of(Map.of(), value)));
    assertThat(received.total("requests_total")).isEqualTo(5);
  }

  private static long seconds(ReceivedSpan span) {
    return Long.parseLong(span.traceId().substring(0, 8), 16);
  }

  private static List<ReceivedSpan> of(List<ReceivedSpan> spans, SpanKind kind) {
    return spans.stream().filter(span -> span.kind() == kind).toList();
  }

  private static String oneLine(String pem) {
    return pem.replace("\n", "\\n");
  }
}
