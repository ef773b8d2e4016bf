package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.OtlpOptions;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RealCollector;
import io.github.proxytelemetry.testbed.RealJaeger;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client's trace, as the real Jaeger has it when it is asked for its id. */
@RequiresProgram({"jaeger", "otelcol"})
class JaegerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CLIENT = "00f067aa0ba902b7";

  private static RealJaeger jaeger;

  @BeforeAll
  static void start() throws Exception {
    jaeger = RealJaeger.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (jaeger != null) {
      jaeger.close();
    }
  }

  @Test
  void hasTheTree_overGrpc() throws Exception {
    hasTheTree("a0000000000000000000000000000001", jaeger.grpc(), OtlpOptions::grpc);
  }

  @Test
  void hasTheTree_overHttp() throws Exception {
    hasTheTree("a0000000000000000000000000000002", jaeger.http(), OtlpOptions::http);
  }

  @Test
  void hasTheTree_throughACollector() throws Exception {
    String collector = "127.0.0.1:" + FreePort.next();
    String configuration =
        """
        receivers:
          otlp:
            protocols:
              grpc:
                endpoint: %s
        processors:
          batch:
            timeout: 100ms
        exporters:
          otlp_grpc:
            endpoint: %s
            tls:
              insecure: true
        service:
          pipelines:
            traces:
              receivers: [otlp]
              processors: [batch]
              exporters: [otlp_grpc]
        """
            .formatted(collector, jaeger.grpc());
    try (RealCollector running = RealCollector.start(configuration)) {
      hasTheTree("a0000000000000000000000000000003", collector, OtlpOptions::grpc);
      assertThat(running.output()).doesNotContain("error");
    }
  }

  /** One request that is answered, and one that is not: a server and a client span each. */
  private static void hasTheTree(String id, String endpoint, Consumer<OtlpOptions> protocol)
      throws Exception {
    String traceparent = "traceparent: 00-" + id + "-" + CLIENT + "-01";
    Consumer<OtlpOptions> options = otlp -> protocol.accept(otlp.withoutMetrics());
    try (Fleet fleet = Fleet.of(1, endpoint, options)) {
      fleet.get(0, 1, traceparent);
      fleet.getRefused(0, 1, traceparent);
      // A span that ends only now comes with the next export.
      fleet.telemetry(0).flush(LIMIT);

      List<ReceivedSpan> trace = jaeger.awaitTrace(id, LIMIT, 4);
      assertThat(trace).allMatch(span -> span.traceId().equals(id));
      List<ReceivedSpan> servers = childrenOf(CLIENT, trace);
      assertThat(servers)
          .hasSize(2)
          .allMatch(span -> span.kind() == SpanKind.SPAN_KIND_SERVER)
          .allMatch(span -> span.name().equals("GET"));

      ReceivedSpan answered = withStatus("200", servers);
      assertThat(answered.status()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
      ReceivedSpan attempt = onlyChildOf(answered, trace);
      assertThat(attempt.status()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
      assertThat(attempt.attributes()).containsEntry("http.response.status_code", "200");

      ReceivedSpan refused = withStatus("502", servers);
      assertThat(refused.status()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      ReceivedSpan failed = onlyChildOf(refused, trace);
      assertThat(failed.status()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
      assertThat(failed.attributes()).containsEntry("error.type", "connection_refused");
    }
  }

  private static ReceivedSpan onlyChildOf(ReceivedSpan server, List<ReceivedSpan> trace) {
    List<ReceivedSpan> children = childrenOf(server.spanId(), trace);
    assertThat(children)
        .singleElement()
        .matches(span -> span.kind() == SpanKind.SPAN_KIND_CLIENT)
        .matches(span -> span.name().equals("GET"));
    return children.get(0);
  }

  private static List<ReceivedSpan> childrenOf(String parent, List<ReceivedSpan> trace) {
    return trace.stream().filter(span -> span.parentSpanId().equals(parent)).toList();
  }

  private static ReceivedSpan withStatus(String status, List<ReceivedSpan> spans) {
    return spans.stream()
        .filter(span -> status.equals(span.attributes().get("http.response.status_code")))
        .findFirst()
        .orElseThrow();
  }
}
