package io.github.proxytelemetry.examples.netty;

import static io.github.proxytelemetry.testbed.DocumentedConfiguration.PROXY;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.testbed.DocumentedConfiguration;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command lines of the tunnel gateway, as a shell reads them: {@code proxy} and {@code
 * controller} are scripts on the {@code PATH} that start ours, and a file of hosts leads the
 * collector's names to this machine.
 */
class GatewayProxyTest {
  private static final int PORT = 4317;
  private static final int ROOTS = 300;
  private static final int CONTINUED = 10;
  private static final String LOOPBACK = "127.0.0.1 localhost\n127.0.0.1 ";
  private static final String ENDPOINT = "otel-collector.observability:4317";

  @TempDir Path directory;
  private TestOrigin origin;

  @BeforeEach
  void start() throws Exception {
    FreePort.await(InetAddress.getLoopbackAddress(), PORT);
    origin = TestOrigin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROXY", "CONTROLLER"})
  void samplesATenth_andKeepsWhatWasDecidedBefore(DocumentedConfiguration line) throws Exception {
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start(PORT);
        ConfiguredFixture proxy = run(line, line.text(), "otel-collector.observability")) {
      for (int i = 0; i < ROOTS; i++) {
        assertThat(proxy.getFromOrigin("/hello")).isEqualTo(200);
      }
      for (int i = 0; i < CONTINUED; i++) {
        assertThat(proxy.getFromOrigin("/hello", ConfiguredFixture.SAMPLED)).isEqualTo(200);
        assertThat(proxy.getFromOrigin("/hello", ConfiguredFixture.NOT_SAMPLED)).isEqualTo(200);
      }
      proxy.stop();

      Set<String> sampled =
          origin.receivedHeaders().stream()
              .map(GatewayProxyTest::traceparent)
              .filter(context -> context.matches("00-.{32}-.{16}-0[13]"))
              .map(context -> context.substring(3, 52))
              .collect(Collectors.toSet());
      List<ReceivedSpan> spans = collector.received().spans();
      // Exported are exactly the traces whose headers to upstreams are marked as sampled.
      assertThat(spans)
          .filteredOn(ReceivedSpan::kind, SpanKind.SPAN_KIND_CLIENT)
          .extracting(span -> span.traceId() + '-' + span.spanId())
          .containsExactlyInAnyOrderElementsOf(sampled);
      assertThat(servers(spans)).hasSameSizeAs(sampled);
      // 30 of 300, and five times the deviation.
      assertThat(sampled.size() - CONTINUED).isBetween(30 - 26, 30 + 26);
      assertThat(servers(spans))
          .filteredOn(span -> span.traceId().equals(traceId(ConfiguredFixture.SAMPLED)))
          .hasSize(CONTINUED)
          .allMatch(span -> span.parentSpanId().equals("b7ad6b7169203331"));
      assertThat(origin.receivedHeaders())
          .map(GatewayProxyTest::traceparent)
          .filteredOn(context -> context.startsWith(traceId(ConfiguredFixture.NOT_SAMPLED), 3))
          .hasSize(CONTINUED)
          .allMatch(context -> context.endsWith("-00"));
    }
  }

  @Test
  void tellsWhatBecameOfARequest() throws Exception {
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start(PORT);
        ConfiguredFixture proxy = run(PROXY, PROXY.text(), "otel-collector.observability")) {
      proxy.getFromOrigin("/hello", ConfiguredFixture.SAMPLED);
      proxy.getFromOrigin("/status?code=404", ConfiguredFixture.SAMPLED);
      proxy.getFromOrigin("/status?code=503", ConfiguredFixture.SAMPLED);
      proxy.get(ProxyFixture.refused(), ConfiguredFixture.SAMPLED);
      proxy.tunnel("/hello", ConfiguredFixture.SAMPLED);
      proxy.stop();

      List<ReceivedSpan> spans = collector.received().spans();
      assertThat(servers(spans))
          .extracting(span -> status(span) + ' ' + span.name() + ' ' + span.status())
          .containsExactlyInAnyOrder(
              "200 GET " + StatusCode.STATUS_CODE_UNSET,
              "404 GET " + StatusCode.STATUS_CODE_UNSET,
              "503 GET " + StatusCode.STATUS_CODE_ERROR,
              "502 GET " + StatusCode.STATUS_CODE_ERROR,
              "200 CONNECT " + StatusCode.STATUS_CODE_UNSET);
      Set<String> parents =
          servers(spans).stream().map(ReceivedSpan::spanId).collect(Collectors.toSet());
      assertThat(spans)
          .filteredOn(ReceivedSpan::kind, SpanKind.SPAN_KIND_CLIENT)
          .extracting(ReceivedSpan::parentSpanId)
          .containsExactlyInAnyOrderElementsOf(parents);
      // It is about traces; nobody asked for metrics.
      assertThat(collector.received().metricNames()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "otel-collector.observability:4317",
        "tempo-distributor.tempo:4317",
        "jaeger-collector.tracing:4317",
        "https://otel.example.com:4317"
      })
  void reachesTheCollectorsOfItsTable(String endpoint) throws Exception {
    String host = endpoint.replaceAll("^https://|:4317$", "");
    TlsFixture tls = TlsFixture.create("dns:" + host);
    try (OtlpGrpcReceiver collector =
            endpoint.startsWith("https")
                ? OtlpGrpcReceiver.start(PORT, tls)
                : OtlpGrpcReceiver.start(PORT);
        ConfiguredFixture proxy =
            run(
                PROXY,
                PROXY.text().replace(ENDPOINT, endpoint),
                host,
                tls.asRoots(directory).toArray(String[]::new))) {
      proxy.getFromOrigin("/hello", ConfiguredFixture.SAMPLED);
      proxy.stop();

      assertThat(collector.received().spans()).hasSize(2);
    }
  }

  @Test
  void asksTheStandardVariable_whereItsOwnEndpointIsEmpty() throws Exception {
    String text =
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://" + ENDPOINT + ' ' + PROXY.text().replace(ENDPOINT, "");
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start(PORT);
        ConfiguredFixture proxy = run(PROXY, text, "otel-collector.observability")) {
      proxy.getFromOrigin("/hello", ConfiguredFixture.SAMPLED);
      proxy.stop();

      assertThat(collector.received().spans()).hasSize(2);
    }
  }

  @Test
  void leavesHeadersAlone_whereItIsSwitchedOff() throws Exception {
    String text = PROXY.text().replace("ENABLED=true", "ENABLED=no");
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start(PORT);
        ConfiguredFixture proxy = run(PROXY, text, "otel-collector.observability")) {
      proxy.getFromOrigin("/hello", ConfiguredFixture.SAMPLED);
      proxy.getFromOrigin("/hello");
      proxy.stop();

      assertThat(origin.receivedHeaders())
          .extracting(headers -> headers.get("traceparent"))
          .containsExactly(
              List.of(ConfiguredFixture.SAMPLED.substring("traceparent: ".length())), null);
      assertThat(collector.received().spans()).isEmpty();
    }
  }

  private ConfiguredFixture run(
      DocumentedConfiguration line, String text, String host, String... options) throws Exception {
    Path hosts = Files.writeString(directory.resolve("hosts"), LOOPBACK + host + '\n');
    List<String> java = new ArrayList<>(List.of(options));
    java.add("-Djdk.net.hosts.file=" + hosts);
    String program = line.name().toLowerCase(Locale.ROOT);
    Path script = directory.resolve(program);
    Files.writeString(
        script,
        "#!/bin/sh\nexec "
            + Program.java(java, ConfiguredProxy.class, program).stream()
                .map(word -> '\'' + word + '\'')
                .collect(Collectors.joining(" "))
            + " \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return ConfiguredFixture.start(
        origin, List.of("/bin/sh", "-c", text), Map.of("PATH", directory.toString()));
  }

  private static List<ReceivedSpan> servers(List<ReceivedSpan> spans) {
    return spans.stream().filter(span -> span.kind() == SpanKind.SPAN_KIND_SERVER).toList();
  }

  private static String status(ReceivedSpan span) {
    return span.attributes().getOrDefault("http.response.status_code", "none");
  }

  private static String traceparent(Headers headers) {
    return String.valueOf(headers.getFirst("traceparent"));
  }

  private static String traceId(String traceparent) {
    return traceparent.split("-", -1)[1];
  }
}
