package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.sdk.tls.Pem;
import io.github.proxytelemetry.sdk.tls.ReloadingTls;
import io.github.proxytelemetry.sdk.tls.TlsMaterial;
import io.github.proxytelemetry.sdk.tls.TlsSource;
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
    TlsMaterial material = load(tls());

    assertThat(material.trustManager().getAcceptedIssuers()).hasSizeGreaterThan(50);
  }

  @Test
  void trustsOnlyWhatIsGiven() {
    String two = Pki.read(pki.ca()) + "any text\r\n" + client.certificateText();

    TlsMaterial material = load(tls().trustedCertificates(two));

    assertThat(material.trustManager().getAcceptedIssuers())
        .containsExactlyInAnyOrder(Pki.x509(pki.ca()), Pki.x509(client.certificate()));
  }

  @Test
  void readsLinesThatEndInCrLf() {
    TlsOptions options =
        tls()
            .clientCertificate(
                client.certificateText().replace("\n", "\r\n"),
                client.keyText().replace("\n", "\r\n"));

    assertThat(load(options)).isNotNull();
  }

  @Test
  void leavesTheSecurityProvidersAlone() {
    List<String> before = Arrays.stream(Security.getProviders()).map(p -> p.getName()).toList();

    load(tls().clientCertificate(client.certificate(), client.key()));

    assertThat(Security.getProviders()).extracting("name").containsExactlyElementsOf(before);
  }

  @Test
  void refusesAnEncryptedKey() {
    for (Identity encrypted :
        List.of(pki.encryptedPkcs8("encrypted8"), pki.encryptedPkcs1("encrypted1"))) {
      assertRefused(
          tls().clientCertificate(encrypted.certificate(), encrypted.key()),
          "client key (file " + encrypted.key() + "): is encrypted; expected one unencrypted");
    }
  }

  @Test
  void refusesAKeyThatDoesNotMatch() {
    String other = pki.rsaPkcs8("other").keyText();
    String otherKind = pki.ecSec1("other-kind").keyText();

    for (String key : List.of(other, otherKind)) {
      assertRefused(
          tls().clientCertificate(client.certificateText(), key),
          "client key: does not match the client certificate; expected");
    }
  }

  @Test
  void refusesAKeyThatTlsCannotUse() {
    Identity dsa = pki.dsa("dsa");

    assertRefused(
        tls().clientCertificate(dsa.certificateText(), dsa.keyText()),
        "client key: is a DSA key; expected one unencrypted RSA, EC or Ed25519 key");
  }

  @Test
  void refusesTwoKeys() {
    assertRefused(
        tls().clientCertificate(client.certificateText(), client.keyText() + client.keyText()),
        "client key: holds several keys; expected one");
  }

  @Test
  void refusesACertificateWithoutKey_andTheReverse() {
    assertRefused(
        new TlsOptions(
            TlsSource.DEFAULT.withCertificate(
                Pem.text("OTEL_CLIENT_CERTIFICATE", client.certificateText()))),
        "OTEL_CLIENT_CERTIFICATE: is given without a client key; expected both or neither");
    assertRefused(
        new TlsOptions(TlsSource.DEFAULT.withKey(Pem.text("OTEL_CLIENT_KEY", client.keyText()))),
        "OTEL_CLIENT_KEY: is given without a client certificate; expected both or neither");
    assertRefused(
        tls().clientCertificate(client.certificateText(), ""),
        "client key: is empty; expected PEM");
  }

  @Test
  void refusesACertificateThatIsNotValidNow() {
    Identity expired = pki.expired("expired");
    Identity future = pki.notYetValid("future");

    assertRefused(
        tls().clientCertificate(expired.certificateText(), expired.keyText()),
        "client certificate: expired at 2020-01-02T00:00:00Z; expected a certificate that is");
    assertRefused(
        tls().clientCertificate(future.certificateText(), future.keyText()),
        "client certificate: is not valid before 2098-01-01T00:00:00Z; expected a certificate");
  }

  @Test
  void refusesWhatIsNoPem() {
    String truncated = client.keyText().substring(0, client.keyText().length() / 2);
    String damaged = withLines(client.keyText(), line -> !line.startsWith("MII"));

    assertRefused(tls().trustedCertificates(" \n"), "trusted certificates: is empty; expected");
    assertRefused(
        tls().trustedCertificates("garbage"),
        "trusted certificates: holds no certificate; expected X.509 certificates as PEM");
    assertRefused(
        tls().trustedCertificates(client.keyText()),
        "trusted certificates: holds no certificate; expected");
    assertRefused(
        tls().clientCertificate(client.certificateText(), client.certificateText()),
        "client key: holds no key; expected");
    assertRefused(
        tls().clientCertificate(client.certificateText(), truncated),
        "client key: holds a block that cannot be read; expected");
    assertRefused(
        tls().clientCertificate(client.certificateText(), damaged),
        "client key: holds a block that cannot be read; expected");
  }

  @Test
  void refusesACertificateThatTheRuntimeCannotRead() {
    Path malformed = pki.malformedExtension();

    assertRefused(
        tls().trustedCertificates(malformed),
        "trusted certificates (file "
            + malformed
            + "): holds a certificate that cannot be read; expected X.509 certificates as PEM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.KeyManagerFactory.algorithm",
        "ssl.TrustManagerFactory.algorithm",
        "keystore.type"
      })
  void reportsThatTheRuntimeIsAtFault(String property) {
    String before = Security.getProperty(property);
    Security.setProperty(property, "none-such");
    try {
      TlsOptions options = tls().clientCertificate(client.certificate(), client.key());

      assertThatThrownBy(() -> load(options))
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
        tls().clientCertificate(client.certificateText(), unknown),
        "client key: holds a key of an unknown kind; expected one unencrypted RSA, EC or Ed25519");
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    Path missing = directory.resolve("missing.pem");
    Path large = Files.write(directory.resolve("large.pem"), new byte[(4 << 20) + 1]);

    assertRefused(
        tls().trustedCertificates(missing),
        "trusted certificates (file " + missing + "): does not exist; expected the name");
    assertRefused(
        tls().trustedCertificates(directory),
        "trusted certificates (file " + directory + "): cannot be read (IOException); expected");
    assertRefused(
        tls().trustedCertificates(large),
        "trusted certificates (file " + large + "): is too large; expected at most 4194304 bytes");
  }

  @Test
  void refusesAKeyGivenAsFileName_withoutShowingIt() {
    assertRefused(
        tls().clientCertificate(client.certificate(), Path.of(client.keyText())),
        "client key: is PEM text where a file is meant; expected the name of a PEM file");
  }

  @Test
  void showsNothing() {
    TlsOptions options = tls().clientCertificate(client.certificate(), client.key());

    assertThat(options).hasToString("***");
    assertThat(Pem.file("client key", client.key())).hasToString("***");
    assertThat(options.source).hasToString("***");
  }

  private static TlsOptions tls() {
    return new TlsOptions(TlsSource.DEFAULT);
  }

  private static TlsMaterial load(TlsOptions options) {
    return ReloadingTls.load(options.source).current();
  }

  private static void assertRefused(TlsOptions options, String message) {
    assertThatThrownBy(() -> load(options))
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
