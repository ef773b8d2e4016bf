package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.Pki;
import io.github.proxytelemetry.sdk.Pki.Identity;
import io.github.proxytelemetry.sdk.TlsCollector;
import io.github.proxytelemetry.sdk.TlsCollector.Protocol;
import io.github.proxytelemetry.sdk.tls.Pem;
import io.github.proxytelemetry.sdk.tls.ReloadingTls;
import io.github.proxytelemetry.sdk.tls.TlsSource;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@RequiresProgram("openssl")
class TlsExportTest {
  @TempDir static Path directory;

  private static Pki pki;
  private static Pki otherPki;
  private static Identity server;
  private static Map<String, Identity> clients;

  @BeforeAll
  static void issueCertificates() {
    pki = Pki.create(directory.resolve("ca"));
    otherPki = Pki.create(directory.resolve("other"));
    server = pki.rsaPkcs8("server");
    clients =
        Map.of(
            "RSA in PKCS#8", pki.rsaPkcs8("rsa8"),
            "RSA in PKCS#1", pki.rsaPkcs1("rsa1"),
            "EC in SEC1", pki.ecSec1("sec1"),
            "EC in SEC1 after its parameters", pki.ecSec1WithParameters("parameters"),
            "Ed25519 in PKCS#8", pki.ed25519Pkcs8("ed25519"));
  }

  static Stream<Arguments> protocolsAndKeys() {
    return Stream.of(Protocol.values())
        .flatMap(
            protocol ->
                Stream.of(
                        "RSA in PKCS#8",
                        "RSA in PKCS#1",
                        "EC in SEC1",
                        "EC in SEC1 after its parameters",
                        "Ed25519 in PKCS#8")
                    .map(key -> Arguments.of(protocol, key)));
  }

  @ParameterizedTest
  @MethodSource("protocolsAndKeys")
  void presentsTheClientCertificate_fromFiles(Protocol protocol, String key) {
    Identity client = clients.get(key);
    try (TlsCollector collector = collector(protocol, server)) {
      TlsSource options = Exporting.presenting(trusted(), client.certificate(), client.key());

      assertThat(exports(protocol, collector, options)).isTrue();
      assertThat(collector.serials()).containsExactly(client.serial());
    }
  }

  @ParameterizedTest
  @MethodSource("protocolsAndKeys")
  void presentsTheClientCertificate_fromTextOnOneLine(Protocol protocol, String key) {
    Identity client = clients.get(key);
    try (TlsCollector collector = collector(protocol, server)) {
      TlsSource options =
          new TlsSource(
              Pem.text("ca", Pki.read(pki.ca()).replace("\n", "\\n")),
              Pem.text("certificate", client.certificateText().replace("\n", "\\n")),
              Pem.text("key", client.keyText().replace("\n", "\\r\\n")));

      assertThat(exports(protocol, collector, options)).isTrue();
      assertThat(collector.serials()).containsExactly(client.serial());
    }
  }

  @ParameterizedTest
  @EnumSource
  void presentsTheClientCertificate_fromOneFileWithBagAttributes(Protocol protocol) {
    Identity client = clients.get("RSA in PKCS#8");
    Path bag = pki.bag(client, "client" + protocol);
    assertThat(bag).content().contains("Bag Attributes");
    try (TlsCollector collector = collector(protocol, server)) {
      TlsSource options = Exporting.presenting(trusted(), bag, bag);

      assertThat(exports(protocol, collector, options)).isTrue();
      assertThat(collector.serials()).containsExactly(client.serial());
    }
  }

  @ParameterizedTest
  @EnumSource
  void failsTheExport_whenTheCollectorIsOfAnotherAuthority(Protocol protocol) {
    TlsSource options = Exporting.trusting(withClient(), otherPki.ca());

    assertFails(protocol, server, options);
  }

  @ParameterizedTest
  @EnumSource
  void failsTheExport_whenOnlyTheRootsOfTheRuntimeAreTrusted(Protocol protocol) {
    assertFails(protocol, server, withClient());
  }

  @ParameterizedTest
  @EnumSource
  void failsTheExport_whenTheCertificateOfTheCollectorHasExpired(Protocol protocol) {
    TlsSource options = Exporting.trusting(withClient(), pki.ca());

    assertFails(protocol, pki.expired("expired" + protocol), options);
  }

  @ParameterizedTest
  @EnumSource
  void failsTheExport_whenTheCertificateIsForAnotherHost(Protocol protocol) {
    TlsSource options = Exporting.trusting(withClient(), pki.ca());

    assertFails(protocol, pki.elsewhere("elsewhere" + protocol), options);
  }

  @ParameterizedTest
  @EnumSource
  void failsTheExport_withoutTheClientCertificateTheCollectorWants(Protocol protocol) {
    assertFails(protocol, server, trusted());
  }

  @ParameterizedTest
  @EnumSource
  void failsTheExport_whenTheClientCertificateIsOfAnotherAuthority(Protocol protocol) {
    Identity stranger = otherPki.rsaPkcs8("stranger" + protocol);
    TlsSource options = Exporting.presenting(trusted(), stranger.certificate(), stranger.key());

    assertFails(protocol, server, options);
  }

  private static void assertFails(Protocol protocol, Identity identity, TlsSource options) {
    try (TlsCollector collector = collector(protocol, identity)) {
      assertThat(exports(protocol, collector, options)).isFalse();
      assertThat(collector.serials()).isEmpty();
    }
  }

  private static boolean exports(Protocol protocol, TlsCollector collector, TlsSource options) {
    SpanExporter exporter =
        Exporting.exporter(
            Exporting.spec(protocol, collector.endpoint()), ReloadingTls.load(options));
    try {
      return Exporting.succeeds(exporter);
    } finally {
      exporter.shutdown().join(10, TimeUnit.SECONDS);
    }
  }

  private static TlsSource trusted() {
    return Exporting.trusting(TlsSource.DEFAULT, pki.ca());
  }

  private static TlsSource withClient() {
    Identity client = clients.get("RSA in PKCS#8");
    return Exporting.presenting(TlsSource.DEFAULT, client.certificate(), client.key());
  }

  private static TlsCollector collector(Protocol protocol, Identity identity) {
    return TlsCollector.start(protocol, pki.keyStore(identity, "collector"), pki.ca());
  }
}
