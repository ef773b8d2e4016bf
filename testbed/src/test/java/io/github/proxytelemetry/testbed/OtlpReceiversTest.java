package io.github.proxytelemetry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class OtlpReceiversTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void readsPlainAndCompressedHttp() throws Exception {
    try (OtlpHttpReceiver receiver = OtlpHttpReceiver.start()) {
      assertThat(post(receiver.endpoint() + "/v1/metrics", metrics(3).toByteArray(), false))
          .isEqualTo(200);
      assertThat(post(receiver.endpoint() + "/v1/metrics", metrics(4).toByteArray(), true))
          .isEqualTo(200);
      assertThat(post(receiver.endpoint() + "/v1/traces", spans().toByteArray(), true))
          .isEqualTo(200);

      check(receiver.received());
    }
  }

  @Test
  void readsGrpc() throws Exception {
    try (OtlpGrpcReceiver receiver = OtlpGrpcReceiver.start()) {
      URI endpoint = URI.create(receiver.endpoint());
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
              .usePlaintext()
              .build();
      try {
        MetricsServiceGrpc.newBlockingStub(channel).export(metrics(3));
        MetricsServiceGrpc.newBlockingStub(channel).withCompression("gzip").export(metrics(4));
        TraceServiceGrpc.newBlockingStub(channel).export(spans());
      } finally {
        channel.shutdownNow();
      }

      check(receiver.received());
    }
  }

  private static void check(ReceivedTelemetry received) throws InterruptedException {
    received.await(LIMIT, all -> all.total("requests") == 4 && all.spans().size() == 1);
    assertThat(received.metric("requests")).isEqualTo(Map.of(Map.of("method", "GET"), 4.0));
    ReceivedSpan span = received.spans().get(0);
    assertThat(span.name()).isEqualTo("GET");
    assertThat(span.spanId()).isEqualTo("0102030405060708");
    assertThat(span.parentSpanId()).isEmpty();
  }

  private static int post(String url, byte[] body, boolean gzip) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(gzip ? compress(body) : body));
    if (gzip) {
      request.header("Content-Encoding", "gzip");
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static byte[] compress(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return bytes.toByteArray();
  }

  private static ExportMetricsServiceRequest metrics(long value) {
    NumberDataPoint point =
        NumberDataPoint.newBuilder()
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("method")
                    .setValue(AnyValue.newBuilder().setStringValue("GET")))
            .setAsInt(value)
            .build();
    Metric metric =
        Metric.newBuilder()
            .setName("requests")
            .setSum(Sum.newBuilder().addDataPoints(point))
            .build();
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
        .build();
  }

  private static ExportTraceServiceRequest spans() {
    Span span =
        Span.newBuilder()
            .setName("GET")
            .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
            .build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build();
  }
}
