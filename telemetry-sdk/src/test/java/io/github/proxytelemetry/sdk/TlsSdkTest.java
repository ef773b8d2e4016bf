package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresProgram("openssl")
class TlsSdkTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir static Path directory;

  private static Pki pki;
  private static Identity server;
  private static Identity client;

  @BeforeAll
  static void issueCertificates() {
    pki = Pki.create(directory);
    server = pki.rsaPkcs8("server");
    client = pki.ecSec1("client");
  }

  @ParameterizedTest
  @EnumSource
  void deliversTraces_asTheClientThatTheOptionsName(Protocol protocol) {
    Consumer<TlsOptions> tls =
        options ->
            options
                .trustedCertificates(pki.ca())
                .clientCertificate(client.certificate(), client.key());
    try (TlsCollector collector =
        TlsCollector.start(protocol, pki.keyStore(server, "collector"), pki.ca())) {
      ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("test")
              .otlp(collector.endpoint(), otlp -> protocol.selectIn(otlp).tls(tls).withoutMetrics())
              .build();
      Spans.end(sdk.openTelemetry(), 1);

      assertThat(sdk.close(DEADLINE)).isEqualTo(Deliveries.delivered());
      assertThat(collector.serials()).containsExactly(client.serial());
    }
  }

  @Test
  void deliversMetrics_asTheClientThatTheOptionsName() {
    try (TlsCollector collector =
        TlsCollector.start(Protocol.HTTP, pki.keyStore(server, "collector"), pki.ca())) {
      ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("test")
              .otlp(
                  collector.endpoint(),
                  otlp ->
                      otlp.http()
                          .withoutTraces()
                          .tls(options -> options.trustedCertificates(Pki.read(pki.ca())))
                          .tls(
                              options ->
                                  options.clientCertificate(
                                      client.certificateText(), client.keyText())))
              .build();
      sdk.openTelemetry().getMeter("test").counterBuilder("requests").build().add(1);

      assertThat(sdk.flush(DEADLINE)).isEqualTo(Deliveries.delivered());
      assertThat(collector.serials()).containsExactly(client.serial());
      assertThat(sdk.close(DEADLINE)).isEqualTo(Deliveries.delivered());
    }
  }

  @Test
  void refusesTls_towardsAPlaintextEndpoint() {
    for (String plaintext : new String[] {"collector.example:4317", "http://collector.example:1"}) {
      ProxyTelemetrySdkBuilder builder =
          ProxyTelemetrySdk.builder("test")
              .otlp(plaintext, otlp -> otlp.tls(tls -> tls.trustedCertificates(pki.ca())));

      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("otlp endpoint: invalid value \"http://collector.example:")
          .hasMessageEndingWith("\", which is plaintext; expected https://host:port with tls");
    }
  }

  @Test
  void refusesBadMaterial_atTheStart() {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("test")
            .otlp(
                "https://collector.example:4317",
                otlp -> otlp.tls(tls -> tls.trustedCertificates("garbage")));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("trusted certificates: holds no certificate; expected");
  }
}
