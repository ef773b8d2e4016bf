package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.sdk.export.Spans;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything arrives at receivers that take small messages only. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReceiverLimitTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MEBIBYTE = 1024 * 1024;

  private final AtomicLong points = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong spans = new AtomicLong();
  private Server server;

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsInSeveralMessages_whatIsMoreThanReceiversTakeByDefault(boolean gzip) throws Exception {
    start(4 * MEBIBYTE);
    ProxyTelemetrySdk sdk = sdk(gzip);
    drive(sdk, 330);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    // Otherwise this would prove nothing.
    assertThat(bytes.get()).isGreaterThan(4 * MEBIBYTE);
    assertThat(sdk.health().exporters().get(0).delivered()).isEqualTo(points.get());
    assertThat(points.get()).isGreaterThan(330 * 2 * 3);
  }

  /** Without gzip: gRPC for Java does not tell the reason where it has to decompress first. */
  @Test
  void sendsInHalves_whatIsMoreThanThisReceiverTakes() throws Exception {
    start(MEBIBYTE);
    ProxyTelemetrySdk sdk = sdk(false);
    drive(sdk, 120);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(bytes.get()).isGreaterThan(MEBIBYTE);
    assertThat(sdk.health().exporters().get(0).delivered()).isEqualTo(points.get());
    assertThat(points.get()).isGreaterThan(120 * 2 * 3);
  }

  @Test
  void sendsSpansInHalves() throws Exception {
    start(16 * 1024);
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t")
            .otlp("127.0.0.1:" + server.getPort(), otlp -> otlp.withoutMetrics())
            .build();
    Spans.end(sdk.openTelemetry(), 1000);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(spans.get()).isEqualTo(1000);
  }

  private ProxyTelemetrySdk sdk(boolean gzip) {
    return ProxyTelemetrySdk.builder("t")
        .otlp(
            "127.0.0.1:" + server.getPort(),
            otlp -> {
              otlp.withoutTraces().timeout(LONG).interval(Duration.ofHours(1));
              if (gzip) {
                otlp.gzip();
              }
            })
        .recording(options -> options.layers(Layers.all()))
        .build();
  }

  private static void drive(ProxyTelemetrySdk sdk, int routes) {
    for (int route = 0; route < routes; route++) {
      for (String method : new String[] {"GET", "POST"}) {
        for (int status : new int[] {200, 404, 503}) {
          ExchangeObservation exchange = sdk.startExchange(() -> method);
          exchange.route(
              "/shops/{shop}/products/{category}/items/{id}/reviews/{review}/comments/" + route);
          AttemptObservation attempt =
              exchange.startAttempt(Upstream.named("origin", "origin.example", 443));
          attempt.responseStarted(status);
          attempt.end();
          exchange.responseStarted(status);
          exchange.end();
        }
      }
    }
  }

  private void start(int limit) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(limit)
            .addService(new Metrics())
            .addService(new Traces())
            .build()
            .start();
  }

  private static int points(Metric metric) {
    return metric.getSum().getDataPointsCount()
        + metric.getGauge().getDataPointsCount()
        + metric.getHistogram().getDataPointsCount();
  }

  private final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> client) {
      bytes.addAndGet(request.getSerializedSize());
      request
          .getResourceMetricsList()
          .forEach(
              resource ->
                  resource
                      .getScopeMetricsList()
                      .forEach(
                          scope ->
                              scope
                                  .getMetricsList()
                                  .forEach(metric -> points.addAndGet(points(metric)))));
      client.onNext(ExportMetricsServiceResponse.getDefaultInstance());
      client.onCompleted();
    }
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> client) {
      spans.addAndGet(request.getResourceSpans(0).getScopeSpans(0).getSpansCount());
      client.onNext(ExportTraceServiceResponse.getDefaultInstance());
      client.onCompleted();
    }
  }
}
