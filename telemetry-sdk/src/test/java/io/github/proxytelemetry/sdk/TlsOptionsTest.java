package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresProgram("openssl")
class TlsOptionsTest {
  @TempDir static Path directory;

  private static Pki pki;
  private static Identity client;

  @BeforeAll
  static void issueCertificates() {
    pki = Pki.create(directory.resolve("ca"));
    client = pki.rsaPkcs8("client");
  }

  @Test
  void trustsTheRootsOfTheRuntime_whenNothingIsGiven() {
    TlsMaterial material = new TlsOptions().source().load();

    assertThat(material.trustManager().getAcceptedIssuers()).hasSizeGreaterThan(50);
    assertThat(new TlsOptions().source().canChange()).isFalse();
  }

  @Test
  void trustsOnlyWhatIsGiven() {
    String two = Pki.read(pki.ca()) + "any text\r\n" + client.certificateText();

    TlsMaterial material = new TlsOptions().trustedCertificates(two).source().load();

    assertThat(material.trustManager().getAcceptedIssuers())
        .containsExactlyInAnyOrder(Pki.x509(pki.ca()), Pki.x509(client.certificate()));
  }

  @Test
  void readsLinesThatEndInCrLf() {
    TlsOptions options =
        new TlsOptions()
            .clientCertificate(
                client.certificateText().replace("\n", "\r\n"),
                client.keyText().replace("\n", "\r\n"));

    assertThat(options.source().load()).isNotNull();
  }

  @Test
  void leavesTheSecurityProvidersAlone() {
    List<String> before = Arrays.stream(Security.getProviders()).map(p -> p.getName()).toList();

    new TlsOptions().clientCertificate(client.certificate(), client.key()).source().load();

    assertThat(Security.getProviders()).extracting("name").containsExactlyElementsOf(before);
  }

  @Test
  void refusesAnEncryptedKey() {
    for (Identity encrypted :
        List.of(pki.encryptedPkcs8("encrypted8"), pki.encryptedPkcs1("encrypted1"))) {
      assertRefused(
          new TlsOptions().clientCertificate(encrypted.certificate(), encrypted.key()),
          "client key (file " + encrypted.key() + "): is encrypted; allowed is one unencrypted");
    }
  }

  @Test
  void refusesAKeyThatDoesNotMatch() {
    String other = pki.rsaPkcs8("other").keyText();
    String otherKind = pki.ecSec1("other-kind").keyText();

    for (String key : List.of(other, otherKind)) {
      assertRefused(
          new TlsOptions().clientCertificate(client.certificateText(), key),
          "client key: does not match the client certificate; allowed is");
    }
  }

  @Test
  void refusesAKeyThatTlsCannotUse() {
    Identity dsa = pki.dsa("dsa");

    assertRefused(
        new TlsOptions().clientCertificate(dsa.certificateText(), dsa.keyText()),
        "client key: is a DSA key; allowed is one unencrypted RSA, EC or Ed25519 key");
  }

  @Test
  void refusesTwoKeys() {
    assertRefused(
        new TlsOptions()
            .clientCertificate(client.certificateText(), client.keyText() + client.keyText()),
        "client key: holds several keys; allowed is one");
  }

  @Test
  void refusesACertificateWithoutKey_andTheReverse() {
    assertRefused(
        new TlsOptions()
            .clientCertificate(Pem.text("OTEL_CLIENT_CERTIFICATE", client.certificateText())),
        "OTEL_CLIENT_CERTIFICATE: is given without a client key; allowed are both or neither");
    assertRefused(
        new TlsOptions().clientKey(Pem.text("OTEL_CLIENT_KEY", client.keyText())),
        "OTEL_CLIENT_KEY: is given without a client certificate; allowed are both or neither");
    assertRefused(
        new TlsOptions().clientCertificate(client.certificateText(), ""),
        "client key: is empty; allowed is PEM");
  }

  @Test
  void refusesACertificateThatIsNotValidNow() {
    Identity expired = pki.expired("expired");
    Identity future = pki.notYetValid("future");

    assertRefused(
        new TlsOptions().clientCertificate(expired.certificateText(), expired.keyText()),
        "client certificate: expired at 2020-01-02T00:00:00Z; allowed is a certificate that is");
    assertRefused(
        new TlsOptions().clientCertificate(future.certificateText(), future.keyText()),
        "client certificate: is not valid before 2098-01-01T00:00:00Z; allowed is a certificate");
  }

  @Test
  void refusesWhatIsNoPem() {
    String truncated = client.keyText().substring(0, client.keyText().length() / 2);
    String damaged = withLines(client.keyText(), line -> !line.startsWith("MII"));

    assertRefused(
        new TlsOptions().trustedCertificates(" \n"), "trusted certificates: is empty; allowed");
    assertRefused(
        new TlsOptions().trustedCertificates("garbage"),
        "trusted certificates: holds no certificate; allowed are X.509 certificates as PEM");
    assertRefused(
        new TlsOptions().trustedCertificates(client.keyText()),
        "trusted certificates: holds no certificate; allowed");
    assertRefused(
        new TlsOptions().clientCertificate(client.certificateText(), client.certificateText()),
        "client key: holds no key; allowed");
    assertRefused(
        new TlsOptions().clientCertificate(client.certificateText(), truncated),
        "client key: holds a block that cannot be read; allowed");
    assertRefused(
        new TlsOptions().clientCertificate(client.certificateText(), damaged),
        "client key: holds a block that cannot be read; allowed");
  }

  @Test
  void refusesACertificateThatTheRuntimeCannotRead() {
    Path malformed = pki.malformedExtension();

    assertRefused(
        new TlsOptions().trustedCertificates(malformed),
        "trusted certificates (file "
            + malformed
            + "): holds a certificate that cannot be read; allowed are X.509 certificates as PEM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.KeyManagerFactory.algorithm",
        "ssl.TrustManagerFactory.algorithm",
        "keystore.type"
      })
  void saysThatTheRuntimeIsAtFault(String property) {
    String before = Security.getProperty(property);
    Security.setProperty(property, "none-such");
    try {
      TlsSource source =
          new TlsOptions().clientCertificate(client.certificate(), client.key()).source();

      assertThatThrownBy(source::load)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "the Java runtime offers no TLS with what its security properties")
          .hasMessageContaining(property)
          .hasRootCauseInstanceOf(GeneralSecurityException.class)
          .rootCause()
          .hasMessageContaining("none-such");
    } finally {
      Security.setProperty(property, before);
    }
  }

  @Test
  void refusesAKeyOfAnUnknownKind() {
    // PKCS#8 of nothing, for the algorithm 1.2.3.4.
    String unknown =
        "-----BEGIN PRIVATE KEY-----\nMAwCAQAwBQYDKgMEBAA=\n-----END PRIVATE KEY-----\n";

    assertRefused(
        new TlsOptions().clientCertificate(client.certificateText(), unknown),
        "client key: holds a key of an unknown kind; allowed is one unencrypted RSA, EC or Ed25519");
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    Path missing = directory.resolve("missing.pem");
    Path large = Files.write(directory.resolve("large.pem"), new byte[(4 << 20) + 1]);

    assertRefused(
        new TlsOptions().trustedCertificates(missing),
        "trusted certificates (file " + missing + "): does not exist; allowed is the name");
    assertRefused(
        new TlsOptions().trustedCertificates(directory),
        "trusted certificates (file " + directory + "): cannot be read (IOException); allowed is");
    assertRefused(
        new TlsOptions().trustedCertificates(large),
        "trusted certificates (file " + large + "): is too large; allowed are 4194304 bytes");
  }

  @Test
  void refusesAKeyGivenAsFileName_withoutShowingIt() {
    assertRefused(
        new TlsOptions().clientCertificate(client.certificate(), Path.of(client.keyText())),
        "client key: is PEM text where a file is meant; allowed is the name of a PEM file");
  }

  @Test
  void showsNothing() {
    TlsOptions options = new TlsOptions().clientCertificate(client.certificate(), client.key());

    assertThat(options).hasToString("***");
    assertThat(Pem.file("client key", client.key())).hasToString("***");
    assertThat(options.source().read()).hasToString("***");
  }

  private static void assertRefused(TlsOptions options, String message) {
    assertThatThrownBy(() -> options.source().load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasNoCause()
        .satisfies(
            refusal ->
                assertThat(client.keyText().lines().filter(line -> !line.startsWith("-----")))
                    .hasSizeGreaterThan(20)
                    .noneMatch(refusal.getMessage()::contains));
  }

  private static String withLines(String text, Predicate<String> wanted) {
    return String.join("\n", text.lines().filter(wanted).toList()) + "\n";
  }
}
