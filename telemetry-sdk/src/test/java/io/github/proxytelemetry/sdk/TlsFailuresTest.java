package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong with a certificate is told in {@code health()} and in the log. */
@RequiresProgram("openssl")
class TlsFailuresTest {
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
  void tellsThatTheAuthorityIsAnother(Protocol protocol) {
    Path other = Pki.create(directory.resolve("other" + protocol)).ca();
    assertThat(failure(protocol, server, other))
        .isEqualTo("SSLHandshakeException, the certificate is not of a trusted authority");
  }

  @ParameterizedTest
  @EnumSource
  void tellsThatTheHostIsAnother(Protocol protocol) {
    assertThat(failure(protocol, pki.elsewhere("elsewhere" + protocol), pki.ca()))
        .isEqualTo("SSLPeerUnverifiedException, the certificate is for another host");
  }

  @ParameterizedTest
  @EnumSource
  void tellsThatTheCertificateHasExpired(Protocol protocol) {
    assertThat(failure(protocol, pki.expired("expired" + protocol), pki.ca()))
        .isEqualTo("SSLHandshakeException, the certificate has expired, or is not valid yet");
  }

  @ParameterizedTest
  @EnumSource
  void tellsThatTheCertificateIsNotValidYet(Protocol protocol) {
    assertThat(failure(protocol, pki.notYetValid("early" + protocol), pki.ca()))
        .isEqualTo("SSLHandshakeException, the certificate has expired, or is not valid yet");
  }

  private static String failure(Protocol protocol, Identity identity, Path trusted) {
    try (TlsCollector collector =
        TlsCollector.start(protocol, pki.keyStore(identity, "collector"), pki.ca())) {
      String failure =
          ExportFailuresTest.failure(
              collector.endpoint(),
              otlp ->
                  protocol
                      .selectIn(otlp)
                      .tls(
                          tls ->
                              tls.trustedCertificates(trusted)
                                  .clientCertificate(client.certificate(), client.key())));
      String address = collector.endpoint().replace("https://", "");
      assertThat(failure).startsWith(address + ": ");
      assertThat(collector.serials()).isEmpty();
      return failure.substring(address.length() + 2);
    }
  }
}
