package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.OtlpReceiver;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.ReceivedTelemetry;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A known traffic, as a collector gets it. */
class OtlpEndToEndTest {
  private static final int GETS = 20;
  private static final int TUNNELS = 5;
  private static final int BLOCKED = 4;
  private static final int REFUSED = 3;
  private static final int EXCHANGES = GETS + TUNNELS + BLOCKED + REFUSED;
  private static final int ATTEMPTS = GETS + TUNNELS + REFUSED;

  @Test
  void tellsOverHttpWhatHappened() throws Exception {
    try (OtlpReceiver receiver = OtlpHttpReceiver.start()) {
      tellsWhatHappened(receiver, "http");
    }
  }

  @Test
  void tellsOverGrpcWhatHappened() throws Exception {
    try (OtlpReceiver receiver = OtlpGrpcReceiver.start()) {
      tellsWhatHappened(receiver, "grpc");
    }
  }

  private static void tellsWhatHappened(OtlpReceiver receiver, String protocol) throws Exception {
    try (ProxyFixture fixture =
        ProxyFixture.start(
            "--otlp", receiver.endpoint(), "--otlp-protocol", protocol, "--sampling", "1")) {
      sendTraffic(fixture);
      fixture.awaitIdle();
      fixture.proxy.telemetry().flush(ProxyFixture.LIMIT);

      ReceivedTelemetry received = receiver.received();
      received.await(
          ProxyFixture.LIMIT,
          all ->
              all.spans().size() == EXCHANGES + ATTEMPTS
                  && all.total("privacy_proxy_requests_by_status") == EXCHANGES);
      checkMetrics(received);
      checkSpans(received.spans());
      checkPropagation(received.spans(), fixture.origin.receivedHeaders());
    }
  }

  private static void sendTraffic(ProxyFixture fixture) throws Exception {
    for (int i = 0; i < GETS; i++) {
      assertThat(fixture.get(fixture.url("/hello"))).isEqualTo(200);
    }
    for (int i = 0; i < TUNNELS; i++) {
      assertThat(fixture.getThroughTunnel("/hello")).isEqualTo(200);
    }
    for (int i = 0; i < BLOCKED; i++) {
      assertThat(fixture.get("http://" + ProxyFixture.BLOCKED + "/")).isEqualTo(403);
    }
    for (int i = 0; i < REFUSED; i++) {
      assertThat(fixture.get(ProxyFixture.refused())).isEqualTo(502);
    }
  }

  private static void checkMetrics(ReceivedTelemetry received) {
    assertThat(received.resource()).containsEntry("service.name", "forward-proxy");
    assertThat(received.total("privacy_proxy_connections_total")).isEqualTo(EXCHANGES);
    assertThat(received.metric("privacy_proxy_requests_total"))
        .containsEntry(Map.of("method", "GET"), (double) (EXCHANGES - TUNNELS))
        .containsEntry(Map.of("method", "CONNECT"), (double) TUNNELS);
    assertThat(received.metric("privacy_proxy_requests_by_status"))
        .containsEntry(Map.of("status", "200"), (double) (GETS + TUNNELS))
        .containsEntry(Map.of("status", "403"), (double) BLOCKED)
        .containsEntry(Map.of("status", "502"), (double) REFUSED);
    assertThat(received.total("privacy_proxy_connect_latency_seconds")).isEqualTo(GETS + TUNNELS);
    assertThat(received.metric("privacy_proxy_errors_total"))
        .containsEntry(Map.of("error", "connection_refused", "side", "upstream"), (double) REFUSED)
        .containsEntry(Map.of("error", "http_request_denied", "side", "proxy"), (double) BLOCKED);
  }

  private static void checkSpans(List<ReceivedSpan> spans) {
    Map<String, ReceivedSpan> servers =
        of(spans, SpanKind.SPAN_KIND_SERVER).stream()
            .collect(Collectors.toMap(ReceivedSpan::spanId, Function.identity()));
    List<ReceivedSpan> clients = of(spans, SpanKind.SPAN_KIND_CLIENT);
    assertThat(servers).hasSize(EXCHANGES);
    assertThat(servers.values()).allMatch(span -> span.parentSpanId().isEmpty());
    assertThat(clients).hasSize(ATTEMPTS);
    assertThat(clients)
        .allSatisfy(
            client -> {
              ReceivedSpan parent = servers.get(client.parentSpanId());
              assertThat(parent).isNotNull();
              assertThat(client.traceId()).isEqualTo(parent.traceId());
            });
    assertThat(clients)
        .filteredOn(ReceivedSpan::status, StatusCode.STATUS_CODE_ERROR)
        .hasSize(REFUSED);
    assertThat(servers.values())
        .filteredOn(span -> "502".equals(span.attributes().get("http.response.status_code")))
        .hasSize(REFUSED)
        .allMatch(span -> span.status() == StatusCode.STATUS_CODE_ERROR);
  }

  /** What the origin got names the attempt's span, not the exchange's. */
  private static void checkPropagation(List<ReceivedSpan> spans, List<Headers> received) {
    Set<String> contexts =
        of(spans, SpanKind.SPAN_KIND_CLIENT).stream()
            .map(span -> "00-" + span.traceId() + '-' + span.spanId() + '-')
            .collect(Collectors.toSet());
    assertThat(received).hasSize(GETS);
    assertThat(received)
        .extracting(headers -> headers.getFirst("traceparent"))
        .allMatch(value -> value.matches(".*-0[13]"), "sampled")
        .extracting(value -> value.substring(0, value.length() - 2))
        .doesNotHaveDuplicates()
        .isSubsetOf(contexts);
  }

  private static List<ReceivedSpan> of(List<ReceivedSpan> spans, SpanKind kind) {
    return spans.stream().filter(span -> span.kind() == kind).toList();
  }
}
