package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.ExporterHealth;
import io.github.proxytelemetry.sdk.OtlpOptions;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RealCollector;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.TlsFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real collector that asks for a client certificate and for a bearer token. */
@RequiresProgram("otelcol")
class CollectorSecurityTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOKEN = "not-a-secret";

  @TempDir private static Path directory;

  private static String grpc;
  private static String http;
  private static String serverPem;
  private static String clientPem;
  private static String clientKey;
  private static RealCollector collector;

  @BeforeAll
  static void start() throws Exception {
    TlsFixture server = TlsFixture.create();
    TlsFixture client = TlsFixture.create();
    serverPem = server.certificatePem();
    clientPem = client.certificatePem();
    clientKey = client.keyPem();
    grpc = "127.0.0.1:" + FreePort.next();
    http = "127.0.0.1:" + FreePort.next();
    collector =
        RealCollector.start(
            """
            extensions:
              bearertokenauth:
                token: %s
            receivers:
              otlp:
                protocols:
                  grpc: &protected
                    endpoint: %s
                    auth:
                      authenticator: bearertokenauth
                    tls:
                      cert_file: %s
                      key_file: %s
                      client_ca_file: %s
                  http:
                    <<: *protected
                    endpoint: %s
            exporters:
              debug: {}
            service:
              extensions: [bearertokenauth]
              pipelines:
                traces:
                  receivers: [otlp]
                  exporters: [debug]
                metrics:
                  receivers: [otlp]
                  exporters: [debug]
            """
                .formatted(
                    TOKEN,
                    grpc,
                    file("server.pem", serverPem),
                    file("server.key", server.keyPem()),
                    file("client.pem", clientPem),
                    http));
  }

  @AfterAll
  static void stop() throws Exception {
    if (collector != null) {
      collector.close();
    }
  }

  @Test
  void delivers_withCertificateAndToken() throws Exception {
    assertThat(delivered(grpc, otlp -> secured(otlp, TOKEN))).isTrue();
    assertThat(delivered(grpc, otlp -> secured(otlp, TOKEN).gzip())).isTrue();
    assertThat(delivered(http, otlp -> secured(otlp.http(), TOKEN))).isTrue();
    assertThat(delivered(http, otlp -> secured(otlp.http(), TOKEN).gzip())).isTrue();
  }

  @Test
  void isRefused_withoutTheToken() throws Exception {
    assertThat(delivered(grpc, otlp -> secured(otlp, "another"))).isFalse();
    assertThat(delivered(http, otlp -> secured(otlp.http(), "another"))).isFalse();
  }

  @Test
  void isRefused_withoutACertificate() throws Exception {
    Consumer<OtlpOptions> anonymous =
        otlp -> otlp.bearerToken(() -> TOKEN).tls(tls -> tls.trustedCertificates(serverPem));
    assertThat(delivered(grpc, anonymous)).isFalse();
    assertThat(delivered(http, anonymous.andThen(otlp -> otlp.http()))).isFalse();
  }

  /** Whether the collector took what was sent first, of the traces and of the metrics. */
  private static boolean delivered(String endpoint, Consumer<OtlpOptions> options)
      throws Exception {
    try (Fleet fleet = Fleet.of(1, "https://" + endpoint, options)) {
      ProxyTelemetrySdk telemetry = fleet.telemetry(0);
      fleet.get(0, 1);
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!telemetry.health().exporters().stream().allMatch(CollectorSecurityTest::isAnswered)) {
        assertThat(System.nanoTime()).as(() -> "" + telemetry.health()).isLessThan(deadline);
        telemetry.flush(Duration.ofMillis(20));
      }
      boolean delivered = telemetry.health().isHealthy();
      // Spans that are kept for another try would be waited for.
      telemetry.close(Duration.ZERO);
      return delivered;
    }
  }

  private static boolean isAnswered(ExporterHealth exporter) {
    return exporter.delivered() + exporter.failures() > 0;
  }

  private static OtlpOptions secured(OtlpOptions otlp, String token) {
    return otlp.bearerToken(() -> token)
        .timeout(LIMIT)
        .tls(tls -> tls.trustedCertificates(serverPem).clientCertificate(clientPem, clientKey));
  }

  private static Path file(String name, String content) throws Exception {
    return Files.writeString(directory.resolve(name), content);
  }
}
