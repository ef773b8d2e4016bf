package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import io.github.proxytelemetry.sdk.export.Spans;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the answers of a real gRPC server mean. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GrpcDeliveryTest {
  private static final java.time.Duration LONG = java.time.Duration.ofSeconds(60);

  private final Queue<StatusRuntimeException> script = new ArrayDeque<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final Server server;
  private volatile ExportTraceServiceResponse answer =
      ExportTraceServiceResponse.getDefaultInstance();

  GrpcDeliveryTest() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Traces())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "CANCELLED",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNAVAILABLE",
        "DATA_LOSS"
      })
  void triesAgain_whatTheCollectorMayYetTake(Status.Code code) {
    script.add(code.toStatus().asRuntimeException());
    assertThat(closeAfterThreeSpans(true)).isEqualTo(Deliveries.delivered());
    assertThat(calls).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "PERMISSION_DENIED",
        "UNIMPLEMENTED",
        "UNAUTHENTICATED",
        "RESOURCE_EXHAUSTED"
      })
  void triesOnlyOnce_whatTheCollectorDoesNotWant(Status.Code code) {
    script.add(code.toStatus().withDescription("no").asRuntimeException());
    assertThat(closeAfterThreeSpans(false)).isEqualTo(Deliveries.lost(3));
    assertThat(calls).hasValue(1);
  }

  @Test
  void triesAgain_whereAnExhaustedCollectorSaysWhen() {
    script.add(exhausted(Duration.newBuilder().setNanos(1_000_000)));
    assertThat(closeAfterThreeSpans(true)).isEqualTo(Deliveries.delivered());
    assertThat(calls).hasValue(2);
  }

  @Test
  void leavesTheCollectorAlone_asLongAsItAskedFor() {
    script.add(exhausted(Duration.newBuilder().setSeconds(3600)));
    assertThat(closeAfterThreeSpans(false)).isEqualTo(Deliveries.timedOut(3));
    assertThat(calls).hasValue(1);
  }

  @Test
  void countsWhatOfABatchWasRejected() {
    answer =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(ExportTracePartialSuccess.newBuilder().setRejectedSpans(2))
            .build();
    assertThat(closeAfterThreeSpans(false)).isEqualTo(Deliveries.lost(2));
    assertThat(calls).hasValue(1);
  }

  private Delivery closeAfterThreeSpans(boolean compressed) {
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t")
            .otlp(
                "127.0.0.1:" + server.getPort(),
                otlp -> {
                  otlp.withoutMetrics();
                  if (compressed) {
                    otlp.gzip();
                  }
                })
            .build();
    Spans.end(sdk.openTelemetry(), 3);
    return sdk.close(LONG);
  }

  private static StatusRuntimeException exhausted(Duration.Builder delay) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()))
            .build());
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> client) {
      calls.incrementAndGet();
      assertThat(request.getResourceSpans(0).getScopeSpans(0).getSpansCount()).isEqualTo(3);
      StatusRuntimeException error = script.poll();
      if (error != null) {
        client.onError(error);
        return;
      }
      client.onNext(answer);
      client.onCompleted();
    }
  }
}
