package io.github.proxytelemetry.hosts.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The real back end on an SDK with exporters in memory. */
final class GrpcBench {
  private static final AttributeKey<Long> CODE = AttributeKey.longKey("rpc.grpc.status_code");

  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  final OtelProxyTelemetry telemetry =
      OtelProxyTelemetry.create(
          OpenTelemetrySdk.builder()
              .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .addSpanProcessor(SimpleSpanProcessor.create(spans))
                      .build())
              .build());

  /**
   * Waits until nothing is open and every request has its two spans, the last of what is recorded;
   * ends are reported a little after the bytes.
   */
  void awaitIdle(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isSettled() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(active()).as("open requests, connections and tunnels").isZero();
  }

  private boolean isSettled() {
    long requests = requests();
    return active() == 0 && requests > 0 && spans.getFinishedSpanItems().size() == 2 * requests;
  }

  void assertNoTrouble() {
    assertThat(total("privacy_proxy_telemetry_errors_total")).isZero();
    assertThat(total("privacy_proxy_telemetry_late_calls_total")).isZero();
  }

  /**
   * Asserts every count.
   *
   * @param errors error and side of the one error, or an empty string
   */
  void assertCounts(int requests, String status, String outcome, String errors) {
    assertThat(requests()).isEqualTo(requests);
    assertThat(nonZero("privacy_proxy_requests_by_status", "status"))
        .containsExactly(requests + " " + status);
    assertThat(nonZero("privacy_proxy_attempts_total", "outcome"))
        .containsExactly(requests + " " + outcome);
    assertThat(errors()).isEqualTo(errors.isEmpty() ? List.of() : List.of("1 " + errors));
  }

  long requests() {
    return total("privacy_proxy_requests_total");
  }

  List<String> errors() {
    return nonZero("privacy_proxy_errors_total", "error", "side");
  }

  /** Asserts the code of both spans, negative for none, and which of them is an error. */
  void assertSpans(int code, boolean server, boolean client) {
    assertThat(spans.getFinishedSpanItems()).hasSize(2);
    assertSpan(span(SpanKind.SERVER), code, server);
    assertSpan(span(SpanKind.CLIENT), code, client);
  }

  List<Long> spanCodes() {
    return spans.getFinishedSpanItems().stream()
        .flatMap(span -> Stream.ofNullable(span.getAttributes().get(CODE)))
        .toList();
  }

  private static void assertSpan(SpanData span, int code, boolean error) {
    Long recorded = span.getAttributes().get(CODE);
    assertThat(recorded == null ? -1 : recorded.intValue()).as("%s", span).isEqualTo(code);
    assertThat(span.getStatus().getStatusCode() == StatusCode.ERROR)
        .as("error of %s", span)
        .isEqualTo(error);
  }

  private SpanData span(SpanKind kind) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getKind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private long active() {
    return total("privacy_proxy_requests_in_progress")
        + total("privacy_proxy_connections_active")
        + total("privacy_proxy_tunnels_active");
  }

  private long total(String name) {
    return points(name).mapToLong(LongPointData::getValue).sum();
  }

  /** Values that are not 0, each with its labels. */
  private List<String> nonZero(String name, String... labels) {
    return points(name)
        .filter(point -> point.getValue() != 0)
        .map(
            point -> {
              StringBuilder text = new StringBuilder(String.valueOf(point.getValue()));
              for (String label : labels) {
                text.append(' ').append(point.getAttributes().get(AttributeKey.stringKey(label)));
              }
              return text.toString();
            })
        .toList();
  }

  private Stream<LongPointData> points(String name) {
    return reader.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .map(MetricData::getLongSumData)
        .flatMap(data -> data.getPoints().stream());
  }
}
