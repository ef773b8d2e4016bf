package io.github.proxytelemetry.testbed;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** OTLP over plaintext gRPC. */
public final class OtlpGrpcReceiver implements OtlpReceiver {
  private final ReceivedTelemetry received = new ReceivedTelemetry();
  private final Server server =
      NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .addService(new Metrics())
          .addService(new Traces())
          .build();

  private OtlpGrpcReceiver() {}

  /** Starts one. */
  public static OtlpGrpcReceiver start() throws IOException {
    OtlpGrpcReceiver receiver = new OtlpGrpcReceiver();
    receiver.server.start();
    return receiver;
  }

  @Override
  public String endpoint() {
    return "http://127.0.0.1:" + server.getPort();
  }

  @Override
  public ReceivedTelemetry received() {
    return received;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static <T> void answer(StreamObserver<T> client, T response) {
    client.onNext(response);
    client.onCompleted();
  }

  private final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> client) {
      received.add(request);
      answer(client, ExportMetricsServiceResponse.getDefaultInstance());
    }
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> client) {
      received.add(request);
      answer(client, ExportTraceServiceResponse.getDefaultInstance());
    }
  }
}
