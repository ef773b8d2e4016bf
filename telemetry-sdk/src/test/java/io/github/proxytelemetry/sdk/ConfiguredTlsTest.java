package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that come from the environment, against a collector that asks for them. */
@RequiresProgram("openssl")
class ConfiguredTlsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @TempDir static Path directory;
  static Pki pki;
  static Pki.Identity server;
  static Pki.Identity client;

  @BeforeAll
  static void issueCertificates() {
    pki = Pki.create(directory);
    server = pki.rsaPkcs8("server");
    client = pki.ecSec1("client");
  }

  @Test
  void takesThePemOfImgproxy_onOneLine() {
    check(
        TlsCollector.Protocol.GRPC,
        collector ->
            Map.of(
                "PROXY_TELEMETRY_ENDPOINT", collector.endpoint().substring("https://".length()),
                "PROXY_TELEMETRY_SERVER_CERT", oneLine(Pki.read(pki.ca())),
                "PROXY_TELEMETRY_CLIENT_CERT", oneLine(client.certificateText()),
                "PROXY_TELEMETRY_CLIENT_KEY", oneLine(client.keyText())));
  }

  @Test
  void takesTheFilesOfTheStandardVariables() {
    check(
        TlsCollector.Protocol.HTTP,
        collector ->
            Map.of(
                "OTEL_TRACES_EXPORTER", "otlp",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(),
                "OTEL_METRICS_EXPORTER", "none",
                "OTEL_EXPORTER_OTLP_CERTIFICATE", pki.ca().toString(),
                "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", client.certificate().toString(),
                "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", client.key().toString()));
  }

  private static void check(
      TlsCollector.Protocol protocol, Function<TlsCollector, Map<String, String>> environment) {
    try (TlsCollector collector =
        TlsCollector.start(protocol, pki.keyStore(server, "collector"), pki.ca())) {
      ProxyTelemetrySdk sdk =
          Configurations.given(Map.of(), Map.of(), environment.apply(collector)).build();
      Spans.end(sdk.openTelemetry(), 1);
      assertThat(sdk.close(DEADLINE)).isEqualTo(Deliveries.delivered());
      assertThat(collector.serials()).containsExactly(client.serial());
    }
  }

  private static String oneLine(String pem) {
    return pem.replace("\n", "\\n");
  }
}
