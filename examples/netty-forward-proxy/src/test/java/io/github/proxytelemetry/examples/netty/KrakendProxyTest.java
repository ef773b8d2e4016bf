package io.github.proxytelemetry.examples.netty;

import static io.github.proxytelemetry.examples.netty.KrakendTraffic.GONE;
import static io.github.proxytelemetry.examples.netty.KrakendTraffic.HELLO;
import static io.github.proxytelemetry.examples.netty.KrakendTraffic.SKIPPED;
import static io.github.proxytelemetry.examples.netty.KrakendTraffic.SLOW;
import static io.github.proxytelemetry.examples.netty.KrakendTraffic.STATUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.ReceivedTelemetry;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * KrakenD's example, as it is documented, makes a gateway tell one collector and one Prometheus
 * what it did.
 */
@RequiresProgram("prometheus")
class KrakendProxyTest {
  private static final String STATIC = "my_metric_attr";
  private static final String STATIC_VALUE = "my_middle_metric";

  @TempDir static Path directory;
  private static KrakendTraffic traffic;
  private static ReceivedTelemetry received;

  @BeforeAll
  static void sendTraffic() throws Exception {
    traffic = KrakendTraffic.send(directory);
    received = traffic.received();
  }

  @Test
  void describesTheService() {
    assertThat(received.resource())
        .containsEntry("service.name", "krakend_middle_service")
        .containsEntry("service.version", "commit-sha-ACBDE1234")
        .containsEntry("deployment.environment.name", "production");
  }

  @Test
  void measuresTheLayerGlobal() {
    for (String name : List.of("global-response-latency", "global-response-size")) {
      Map<Map<String, String>, Double> expected = new HashMap<>();
      expected.put(global(HELLO, "200"), 2.0);
      expected.put(global(STATUS, "404"), 1.0);
      expected.put(global(STATUS, "503"), 1.0);
      expected.put(global(GONE, "502"), 1.0);
      expected.put(global(SLOW, "504"), 1.0);
      if (name.endsWith("latency")) {
        // The one that was given up has no response.
        expected.put(Map.of("krakend.stage", "global", "url.path", SLOW), 1.0);
      }
      assertThat(received.metric(name)).as(name).isEqualTo(expected);
    }
  }

  @Test
  void measuresTheStages() {
    Map<Map<String, String>, Double> expected = new HashMap<>();
    for (String path : List.of(HELLO, STATUS, GONE, SLOW)) {
      double count = path.equals(GONE) ? 1 : 2;
      expected.put(Map.of("krakend.stage", "proxy", "url.path", path), count);
      expected.put(
          Map.of(
              "krakend.stage",
              "backend",
              "url.path",
              path,
              "krakend.endpoint",
              path,
              "server.address",
              path.equals(STATUS) ? "localhost" : "127.0.0.1",
              STATIC,
              STATIC_VALUE),
          count);
    }
    assertThat(received.metric("stage-duration")).isEqualTo(expected);
  }

  @Test
  void countsRoundTrips() {
    assertBackend(
        "requests-started-count", Map.of(HELLO, 1.0, STATUS, 2.0, GONE, 1.0, SLOW, 2.0), 1);
    // Timed out is failed too, given up is not.
    assertBackend("requests-failed-count", Map.of(GONE, 1.0, SLOW, 1.0), 0);
    assertBackend("requests-timedout-count", Map.of(SLOW, 1.0), 0);
    assertBackend("requests-canceled-count", Map.of(SLOW, 1.0), 0);
    // A request without a length has none, and not 0.
    assertBackend("requests-content-length", Map.of(), 4);
    assertBackend("response-latency", Map.of(HELLO, 1.0, STATUS, 2.0), 1);
  }

  @Test
  void measuresBodiesAndConnections() {
    Map<String, Double> answered = Map.of(HELLO, 1.0, STATUS, 2.0);
    assertBackend("response-content-length", answered, 1);
    assertBackend("read-size", Map.of(HELLO, 5.0), 5);
    assertBackend("read-size-hist", answered, 1);
    assertBackend("read-time-hist", answered, 1);
    assertThat(received.total("read-time")).isPositive();
    assertThat(received.total("read-errors")).isZero();
    assertBackend("request-get-conn-latency", Map.of(HELLO, 1.0, STATUS, 2.0, SLOW, 2.0), 1);
    assertThat(received.metric("request-dns-latency").keySet())
        .contains(backend(STATUS, "GET"))
        .allSatisfy(labels -> assertThat(labels).containsEntry(STATIC, STATIC_VALUE));
    // The backends are plain HTTP: a handshake that there was not took no 0 seconds.
    assertThat(received.metric("request-tls-latency")).isEmpty();
  }

  @Test
  void nestsTheSpansOfTheLayers() {
    Map<String, ReceivedSpan> byId =
        received.spans().stream().collect(Collectors.toMap(ReceivedSpan::spanId, span -> span));
    assertThat(spans(SpanKind.SPAN_KIND_SERVER))
        .extracting(span -> span.name() + ' ' + span.attributes().get("http.response.status_code"))
        .containsExactlyInAnyOrder(
            "GET /hello 200",
            "POST /hello 200",
            "GET /status 404",
            "GET /status 503",
            "GET /gone 502",
            "GET /slow 504",
            "GET /slow null");
    assertThat(spans(SpanKind.SPAN_KIND_CLIENT))
        .hasSize(7)
        .allSatisfy(
            client -> {
              ReceivedSpan backend = byId.get(client.parentSpanId());
              ReceivedSpan proxy = byId.get(backend.parentSpanId());
              ReceivedSpan server = byId.get(proxy.parentSpanId());
              assertThat(backend.attributes())
                  .containsEntry("krakend.stage", "backend")
                  .containsEntry(STATIC, STATIC_VALUE)
                  .containsKey("complete");
              assertThat(proxy.attributes()).containsEntry("krakend.stage", "proxy");
              String route = server.attributes().get("http.route");
              assertThat(proxy.name()).isEqualTo(route);
              assertThat(backend.name()).isEqualTo(route);
              assertThat(backend.attributes()).containsEntry("krakend.endpoint", route);
              assertThat(server.parentSpanId()).isEmpty();
              assertThat(client.attributes())
                  .containsEntry("krakend.stage", "backend-request")
                  .containsEntry(STATIC, STATIC_VALUE);
            });
    assertThat(received.spans())
        .filteredOn(ReceivedSpan::name, "read-tracer")
        .hasSize(4)
        .allMatch(span -> byId.get(span.parentSpanId()).kind() == SpanKind.SPAN_KIND_CLIENT);
  }

  @Test
  void saysInSpansHowAStageEnded() {
    assertThat(received.spans())
        .filteredOn(span -> "backend".equals(span.attributes().get("krakend.stage")))
        .extracting(
            span ->
                span.attributes().get("complete")
                    + ' '
                    + span.attributes().get("error")
                    + ' '
                    + span.attributes().get("canceled"))
        .containsExactlyInAnyOrder(
            "true null null",
            "true null null",
            "false 404 null",
            "false 503 null",
            "false connection_refused null",
            "false http_response_timeout null",
            "false null true");
  }

  @Test
  void propagatesTheSpanOfTheBackend_andNothingOfItsOwnOnSkippedPaths() {
    Set<String> expected =
        spans(SpanKind.SPAN_KIND_CLIENT).stream()
            .map(span -> span.traceId() + '-' + span.spanId())
            .collect(Collectors.toCollection(HashSet::new));
    List<String> sent = traffic.sent().stream().map(KrakendProxyTest::traceparent).toList();
    assertThat(sent).hasSize(7);
    assertThat(ConfiguredFixture.SAMPLED).endsWith(sent.get(SKIPPED - 1));
    assertThat(sent)
        .filteredOn(context -> !ConfiguredFixture.SAMPLED.endsWith(context))
        .hasSize(6)
        .extracting(context -> context.substring(3, 52))
        .doesNotHaveDuplicates()
        .isSubsetOf(expected);
  }

  @Test
  void observesNothingOfASkippedPath() {
    assertThat(traffic.scrape().text()).doesNotContain("/foo");
    assertThat(received.spans())
        .noneMatch(span -> ConfiguredFixture.SAMPLED.contains(span.traceId()));
    assertThat(received.total("privacy_proxy_requests_total")).isEqualTo(7);
  }

  @Test
  void servesPrometheusOnTheAddressOfItsExporter() {
    String series =
        "global_response_latency_seconds_count{http_response_status_code=\"200\","
            + "krakend_stage=\"global\",url_path=\"/hello\"}";
    assertThat(traffic.scrape().value(series)).isEqualTo(2);
    assertThat(traffic.scrape().sum("requests_started_count_total")).isEqualTo(7);
    // process_metrics and go_metrics are off.
    assertThat(traffic.scrape().text()).doesNotContain("\njvm_").doesNotContain("\nprocess_");
    assertThat(traffic.asked().values().stream().mapToDouble(Double::doubleValue).sum())
        .isEqualTo(7);
    assertThat(traffic.asked().keySet())
        .allMatch(labels -> "global".equals(labels.get("krakend_stage")))
        .extracting(labels -> labels.get("url_path"))
        .containsOnly(HELLO, STATUS, GONE, SLOW);
  }

  /** What is of GET by path, and of the one POST. */
  private static void assertBackend(String name, Map<String, Double> gets, double post) {
    Map<Map<String, String>, Double> expected = new HashMap<>();
    gets.forEach((path, count) -> expected.put(backend(path, "GET"), count));
    if (post > 0) {
      expected.put(backend(HELLO, "POST"), post);
    }
    Map<Map<String, String>, Double> actual = new HashMap<>(received.metric(name));
    actual.values().removeIf(value -> value == 0);
    assertThat(actual).as(name).isEqualTo(expected);
  }

  private static Map<String, String> global(String path, String status) {
    return Map.of("krakend.stage", "global", "url.path", path, "http.response.status_code", status);
  }

  private static Map<String, String> backend(String path, String method) {
    return Map.of(
        "krakend.stage",
        "backend-request",
        "url.path",
        path,
        "http.request.method_original",
        method,
        "server.address",
        path.equals(STATUS) ? "localhost" : "127.0.0.1",
        STATIC,
        STATIC_VALUE);
  }

  private static List<ReceivedSpan> spans(SpanKind kind) {
    return received.spans().stream().filter(span -> span.kind() == kind).toList();
  }

  private static String traceparent(Headers headers) {
    return String.valueOf(headers.getFirst("traceparent"));
  }
}
