package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.FreePort;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Why an export fails is told in {@code health()} and in the log, each reason by itself. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ExportFailuresTest {
  private static final Duration SHORT = Duration.ofSeconds(5);

  private final Collector collector = new Collector();

  @AfterEach
  void stop() {
    collector.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | HTTP 401, check the credentials",
        "404 | HTTP 404, check the path and whether the port is that of OTLP over HTTP",
        "413 | HTTP 413, the receiver's limit is lower than maxRequestSize",
        "500 | HTTP 500",
        "503 | HTTP 503",
        "307 | HTTP 307, redirects are not followed"
      })
  void tellsTheStatus(int status, String failure) {
    collector.answer(status);
    assertThat(failure(collector.url(), OtlpOptions::http))
        .isEqualTo(address(collector) + ": " + failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNAUTHENTICATED | no | gRPC 16 UNAUTHENTICATED, check the credentials",
        "PERMISSION_DENIED | no | gRPC 7 PERMISSION_DENIED, check the credentials",
        "UNIMPLEMENTED | no | gRPC 12 UNIMPLEMENTED, the receiver does not take this signal",
        "RESOURCE_EXHAUSTED | received message larger than max (5 vs. 4) | gRPC 8"
            + " RESOURCE_EXHAUSTED, the receiver's limit is lower than maxRequestSize",
        "INTERNAL | no | gRPC 13 INTERNAL",
        "UNAVAILABLE | no | gRPC 14 UNAVAILABLE"
      })
  void tellsTheStatusOfGrpc(Status.Code code, String text, String failure) throws Exception {
    Server server = grpc(new Answer(code.toStatus().withDescription(text)));
    try {
      String address = "127.0.0.1:" + server.getPort();
      assertThat(failure(address, OtlpOptions::grpc)).isEqualTo(address + ": " + failure);
    } finally {
      server.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsThatNothingListens(Protocol protocol) throws Exception {
    assertThat(failure("127.0.0.1:" + FreePort.next(), protocol::selectIn))
        .endsWith(": ConnectException, nothing takes the connection");
  }

  @ParameterizedTest
  @EnumSource
  void tellsThatTheNameIsNotKnown(Protocol protocol) {
    assertThat(failure("nobody.invalid:4318", protocol::selectIn))
        .isEqualTo("nobody.invalid:4318: UnknownHostException, the name is not known");
  }

  @ParameterizedTest
  @EnumSource
  void tellsThatTheConnectionBreaksOff(Protocol protocol) throws Exception {
    try (RudeCollector rude = new RudeCollector(collector.url())) {
      rude.spoil(RudeCollector.Fault.RESET_IN_THE_REQUEST, 1000);
      assertThat(failure(rude.url(), protocol::selectIn))
          .contains("Exception, the connection broke off");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsThatThereIsNoTls(Protocol protocol) throws Exception {
    try (RudeCollector plain = new RudeCollector(collector.url())) {
      plain.spoil(RudeCollector.Fault.HALF_CLOSED, 1000);
      assertThat(failure(plain.url().replace("http:", "https:"), protocol::selectIn))
          .contains("SSL", "check the client certificate and whether the port speaks TLS");
    }
  }

  @Test
  void tellsThatThePortIsThatOfHttp() {
    assertThat(failure(collector.url(), OtlpOptions::grpc)).contains("that of gRPC");
  }

  @Test
  void tellsThatThePortIsThatOfGrpc_orThatTheSignalIsNotTaken() throws Exception {
    Server server = grpc();
    try {
      String address = "127.0.0.1:" + server.getPort();
      assertThat(failure(address, OtlpOptions::http))
          .isEqualTo(
              address
                  + ": IOException, the connection broke off; check whether the port is that of"
                  + " OTLP over HTTP");
      assertThat(failure(address, OtlpOptions::grpc))
          .isEqualTo(address + ": gRPC 12 UNIMPLEMENTED, the receiver does not take this signal");
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void tellsTheReasonInTheLog() {
    collector.answer(401);
    List<String> lines = LogLines.of(() -> failure(collector.url(), OtlpOptions::http));
    assertThat(lines)
        .contains(
            "Exporter \"otlp\": traces are not delivered ("
                + address(collector)
                + ": HTTP 401, check the credentials). Traffic is not affected.");
  }

  @Test
  void forgetsTheReason_whenItIsDeliveredAgain() {
    try (ProxyTelemetrySdk sdk = sdk(collector.url(), OtlpOptions::http)) {
      collector.answer(401);
      Spans.end(sdk.openTelemetry(), 1);
      sdk.flush(SHORT);
      assertThat(sdk.health().exporters().get(0).failure()).contains("401");
      collector.answer(200);
      Spans.end(sdk.openTelemetry(), 1);
      sdk.flush(SHORT);
      assertThat(sdk.health().exporters().get(0).failure()).isNull();
    }
  }

  @Test
  void saysAtTheStart_whatGoesWhere() {
    List<String> lines =
        LogLines.of(
            () ->
                ProxyTelemetrySdk.builder("edge")
                    .otlp(
                        "https://collector.example:4317",
                        otlp -> otlp.header("x-key", "secret").withoutMetrics())
                    .prometheus("127.0.0.1", 0, options -> options.basicAuth("me", "secret"))
                    .build()
                    .close(Duration.ZERO));
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("Telemetry of \"edge\": traces to collector.example:4317 over gRPC")
                    .contains("metrics at http://127.0.0.1:", "/metrics"));
    assertThat(String.join("\n", lines)).doesNotContain("secret");
  }

  private static String address(Collector collector) {
    return collector.url().replace("http://", "");
  }

  private static Server grpc(BindableService... services) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    for (BindableService service : services) {
      builder.addService(service);
    }
    return builder.build().start();
  }

  /** A service that refuses all traces. */
  private static final class Answer extends TraceServiceGrpc.TraceServiceImplBase {
    private final Status status;

    Answer(Status status) {
      this.status = status;
    }

    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> client) {
      client.onError(status.asRuntimeException());
    }
  }

  /** Why nothing is delivered, as {@code health()} has it; the log has said the same before. */
  static String failure(String endpoint, Consumer<OtlpOptions> options) {
    AtomicReference<String> failure = new AtomicReference<>();
    String line =
        LogLines.first("traces are not delivered", () -> failure.set(inHealth(endpoint, options)));
    // A second attempt may fail with another exception, and for the same reason.
    String told = failure.get();
    assertThat(line).contains(told.substring(told.lastIndexOf(": ") + 2).replaceFirst(".*?, ", ""));
    return told;
  }

  private static String inHealth(String endpoint, Consumer<OtlpOptions> options) {
    ProxyTelemetrySdk sdk = sdk(endpoint, options);
    Spans.end(sdk.openTelemetry(), 1);
    Delivery delivery = sdk.flush(Duration.ofMillis(1));
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (delivery.status() != Delivery.Status.PARTIAL
        && sdk.health().exporters().get(0).failures() == 0
        && System.nanoTime() - end < 0) {
      delivery = sdk.flush(Duration.ofMillis(50));
    }
    String failure = String.valueOf(sdk.health().exporters().get(0).failure());
    sdk.close(Duration.ZERO);
    return failure;
  }

  private static ProxyTelemetrySdk sdk(String endpoint, Consumer<OtlpOptions> options) {
    return ProxyTelemetrySdk.builder("t")
        .otlp(endpoint, otlp -> options.accept(otlp.withoutMetrics()))
        .build();
  }
}
