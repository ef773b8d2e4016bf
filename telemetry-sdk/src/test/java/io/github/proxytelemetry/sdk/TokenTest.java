package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens and headers over TLS, against real receivers. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@RequiresProgram("openssl")
class TokenTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  @TempDir static Path directory;

  private static Pki pki;
  private static Identity server;
  private static Identity client;

  @BeforeAll
  static void issueCertificates() {
    pki = Pki.create(directory.resolve("ca"));
    server = pki.rsaPkcs8("server");
    client = pki.rsaPkcs8("client");
  }

  @ParameterizedTest
  @EnumSource
  void sendsTheTokenOfTheMoment(Protocol protocol) {
    try (TlsCollector collector = collector(protocol)) {
      Queue<String> tokens = new ArrayDeque<>(List.of("t1", "t2", "t3"));
      ProxyTelemetrySdk sdk = sdk(protocol, collector, tokens::remove);
      for (int i = 0; i < 2; i++) {
        Spans.end(sdk.openTelemetry(), 1);
        assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
      }
      Spans.end(sdk.openTelemetry(), 1);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(collector.tokens()).containsExactly("Bearer t1", "Bearer t2", "Bearer t3");
      assertThat(collector.tenants()).containsExactly("acme", "acme", "acme");
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsLater_whatATokenThatThrowsHasHeldUp(Protocol protocol) {
    try (TlsCollector collector = collector(protocol)) {
      Queue<Supplier<String>> tokens =
          new ArrayDeque<>(
              List.of(
                  () -> {
                    throw new IllegalStateException("secret");
                  },
                  () -> {
                    throw new NoClassDefFoundError("secret");
                  },
                  () -> "line\nbreak",
                  () -> "t3"));
      ProxyTelemetrySdk sdk = sdk(protocol, collector, () -> tokens.remove().get());
      Spans.end(sdk.openTelemetry(), 2);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(collector.tokens()).containsExactly("Bearer t3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsLater_whatATokenThatHangsHasHeldUp(Protocol protocol) {
    try (TlsCollector collector = collector(protocol)) {
      Queue<Supplier<String>> tokens = new ArrayDeque<>(List.of(TokenTest::hang, () -> "t2"));
      ProxyTelemetrySdk sdk = sdk(protocol, collector, () -> tokens.remove().get());
      Spans.end(sdk.openTelemetry(), 2);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(collector.tokens()).containsExactly("Bearer t2");
      assertThat(sdk.health().exporters().get(0).exports()).containsEntry("timed_out", 1L);
    }
  }

  private static String hang() {
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ProxyTelemetrySdk sdk(
      Protocol protocol, TlsCollector collector, Supplier<String> token) {
    return ProxyTelemetrySdk.builder("t")
        .otlp(
            collector.endpoint(),
            otlp -> {
              otlp.withoutMetrics()
                  .timeout(Duration.ofSeconds(2))
                  .gzip()
                  .header("x-tenant", "acme")
                  .bearerToken(token)
                  .tls(
                      tls ->
                          tls.trustedCertificates(pki.ca())
                              .clientCertificate(client.certificate(), client.key()));
              if (protocol == Protocol.HTTP) {
                otlp.http();
              }
            })
        .build();
  }

  private static TlsCollector collector(Protocol protocol) {
    return TlsCollector.start(protocol, pki.keyStore(server, "collector"), pki.ca());
  }
}
