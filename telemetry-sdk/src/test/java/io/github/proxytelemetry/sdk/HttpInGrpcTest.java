package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told, and tried again, where something that knows no gRPC answers in its place. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpInGrpcTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** More than there are attempts. */
  private static final int ALL = 1000;

  private final HttpGateway gateway = new HttpGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | , check the port and the protocol",
        "307 | , redirects are not followed",
        "400 | ''",
        "401 | , check the credentials",
        "403 | , check the credentials",
        "404 | , check the port and the protocol",
        "405 | , check the port and the protocol",
        "413 | , the receiver's limit is lower than maxRequestSize",
        "429 | ''",
        "500 | ''",
        "502 | ''",
        "503 | ''"
      })
  void tellsTheStatus(int status, String hint) {
    gateway.answer(status, "", ALL);
    AtomicReference<String> failure = new AtomicReference<>();
    List<String> lines =
        LogLines.ofAll(
            () -> failure.set(ExportFailuresTest.failure(gateway.address(), OtlpOptions::grpc)));
    String told = gateway.address() + ": HTTP " + status + " in place of an answer of gRPC" + hint;
    assertThat(failure).hasValue(told);
    assertThat(lines)
        .contains(
            "Exporter \"otlp\": traces are not delivered (" + told + "). Traffic is not affected.")
        .noneMatch(line -> line.contains(HttpGateway.TEXT));
  }

  /** gRPC's mapping is for answers without a status of gRPC only. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | 7 | gRPC 7 PERMISSION_DENIED, check the credentials",
        "403 | 14 | gRPC 14 UNAVAILABLE"
      })
  void believesTheStatusOfGrpc_whereThereIsOne(int status, String grpcStatus, String told) {
    gateway.answer(status, grpcStatus, ALL);
    assertThat(ExportFailuresTest.failure(gateway.address(), OtlpOptions::grpc))
        .isEqualTo(gateway.address() + ": " + told);
  }

  /** Those that gRPC takes for UNAVAILABLE. */
  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void triesAgain_whatIsUnavailable(int status) {
    gateway.answer(status, "", 1);
    assertThat(closeAfterThreeSpans()).isEqualTo(Deliveries.delivered());
    assertThat(gateway.requests()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 307, 400, 401, 403, 404, 500, 501})
  void triesOnlyOnce_whatIsAnythingElse(int status) {
    gateway.answer(status, "", 1);
    assertThat(closeAfterThreeSpans()).isEqualTo(Deliveries.lost(3));
    assertThat(gateway.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"503, 7, 1", "403, 14, 2", "200, 14, 2", "500, 16, 1"})
  void triesAgain_asTheStatusOfGrpcSays(int status, String grpcStatus, int requests) {
    gateway.answer(status, grpcStatus, 1);
    closeAfterThreeSpans();
    assertThat(gateway.requests()).isEqualTo(requests);
  }

  @Test
  void tellsThatThePortSpeaksHttp1Only() {
    try (Collector collector = new Collector()) {
      assertThat(ExportFailuresTest.failure(collector.url(), OtlpOptions::grpc))
          .endsWith("check whether the port is that of gRPC");
    }
  }

  @Test
  @RequiresProgram("openssl")
  void tellsThatThePortSpeaksHttp1Only_overTls(@TempDir Path directory) {
    Pki pki = Pki.create(directory.resolve("ca"));
    Pki.Identity client = pki.rsaPkcs8("client");
    try (TlsCollector collector =
        TlsCollector.start(
            Protocol.HTTP, pki.keyStore(pki.rsaPkcs8("server"), "collector"), pki.ca())) {
      assertThat(
              ExportFailuresTest.failure(
                  collector.endpoint(),
                  otlp ->
                      otlp.grpc()
                          .tls(
                              tls ->
                                  tls.trustedCertificates(pki.ca())
                                      .clientCertificate(client.certificate(), client.key()))))
          .endsWith(
              ": ProtocolException, the answer is not HTTP/2, check whether the port is that of"
                  + " gRPC");
    }
  }

  private Delivery closeAfterThreeSpans() {
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t").otlp(gateway.address(), OtlpOptions::withoutMetrics).build();
    Spans.end(sdk.openTelemetry(), 3);
    return sdk.close(LONG);
  }
}
