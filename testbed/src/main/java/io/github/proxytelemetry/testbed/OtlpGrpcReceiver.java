package io.github.proxytelemetry.testbed;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
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
import java.security.GeneralSecurityException;

/** OTLP over gRPC, plaintext or TLS. */
public final class OtlpGrpcReceiver implements OtlpReceiver {
  private final ReceivedTelemetry received = new ReceivedTelemetry();
  private final String scheme;
  private final Server server;

  private OtlpGrpcReceiver(String scheme, int port, ServerCredentials credentials) {
    this.scheme = scheme;
    this.server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), credentials)
            .addService(new Metrics())
            .addService(new Traces())
            .build();
  }

  /** Starts one. */
  public static OtlpGrpcReceiver start() throws IOException {
    return start(0);
  }

  /** Starts one on a port that a configuration names. */
  public static OtlpGrpcReceiver start(int port) throws IOException {
    return start("http", port, InsecureServerCredentials.create());
  }

  /** Starts one behind TLS. */
  public static OtlpGrpcReceiver start(int port, TlsFixture server)
      throws IOException, GeneralSecurityException {
    return start(
        "https", port, TlsServerCredentials.newBuilder().keyManager(server.keys()).build());
  }

  /** Starts one behind TLS, for one client only. */
  public static OtlpGrpcReceiver start(int port, TlsFixture server, TlsFixture client)
      throws IOException, GeneralSecurityException {
    return start(
        "https",
        port,
        TlsServerCredentials.newBuilder()
            .keyManager(server.keys())
            .trustManager(client.trust())
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build());
  }

  private static OtlpGrpcReceiver start(String scheme, int port, ServerCredentials credentials)
      throws IOException {
    OtlpGrpcReceiver receiver = new OtlpGrpcReceiver(scheme, port, credentials);
    receiver.server.start();
    return receiver;
  }

  @Override
  public String endpoint() {
    return scheme + "://127.0.0.1:" + server.getPort();
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
