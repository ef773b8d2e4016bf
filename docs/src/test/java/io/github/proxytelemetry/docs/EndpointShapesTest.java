package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shape of an endpoint on the page is accepted and selects the documented encryption. */
class EndpointShapesTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([^`]+)` \\| (plaintext|TLS) \\| .* \\|$");
  private static final int LIMIT_MILLIS = 30_000;

  @Test
  void listsTheShapesOfTheTunnelGateway() throws IOException {
    assertThat(shapes())
        .extracting(shape -> shape.get()[0])
        .contains(
            "otel-collector.observability:4317",
            "tempo-distributor.tempo:4317",
            "jaeger-collector.tracing:4317",
            "https://otel.example.com:4317");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void isTaken(String endpoint, String transport) {
    // Without a span nothing is exported, so no host name is resolved.
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t").otlp(endpoint, otlp -> otlp.withoutMetrics()).build()) {
      assertThat(telemetry.isEnabled()).as(transport).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void choosesTheTransport(String endpoint, String transport) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(LIMIT_MILLIS);
      String here = "127.0.0.1:" + server.getLocalPort();
      ProxyTelemetrySdk telemetry =
          ProxyTelemetrySdk.builder("t")
              .otlp(
                  endpoint.replaceFirst("[^/]+$", here),
                  otlp -> otlp.withoutTraces().interval(Duration.ofMillis(20)))
              .build();
      telemetry.startExchange(() -> "GET").end();
      try (Socket accepted = server.accept()) {
        accepted.setSoTimeout(LIMIT_MILLIS);
        byte[] first = accepted.getInputStream().readNBytes(3);
        // The preface of RFC 9113, section 3.4, or the record of a handshake, RFC 8446, section
        // 5.1.
        byte[] expected =
            transport.equals("TLS") ? new byte[] {22, 3, first[2]} : new byte[] {'P', 'R', 'I'};
        assertThat(first).isEqualTo(expected);
      } finally {
        telemetry.close(Duration.ZERO);
      }
    }
  }

  static List<Arguments> shapes() throws IOException {
    return ROW.matcher(Files.readString(Path.of("exporting.md")))
        .results()
        .map(row -> Arguments.of(row.group(1), row.group(2)))
        .toList();
  }
}
