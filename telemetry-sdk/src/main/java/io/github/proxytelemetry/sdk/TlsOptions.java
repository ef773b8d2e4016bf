package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a collector: whom to trust, and which certificate to present. Without any of these
 * the roots of the Java runtime are trusted and no certificate is presented. The host name is
 * always verified (RFC 9525), and only TLS versions that the Java runtime allows are spoken.
 *
 * <p>Everything is PEM (RFC 7468), given as text or as a file. Lines may end in LF, CRLF or the two
 * characters {@code \n}; text around the blocks is skipped. A private key is one unencrypted RSA,
 * EC or Ed25519 key in PKCS#8 ({@code PRIVATE KEY}), PKCS#1 ({@code RSA PRIVATE KEY}) or SEC1
 * ({@code EC PRIVATE KEY}).
 *
 * <p>Files are looked at again before an export, at most every ten seconds. New content is used by
 * the next export, over a new connection. Content that cannot be used is logged and the previous
 * one stays in use; an export is never refused for it.
 *
 * <p>Bad material is found when the exporter is built: an {@link IllegalArgumentException} names
 * the option, what is wrong and what is allowed, and never quotes the material.
 *
 * <p>Not safe for use by several threads. A later call replaces what an earlier one set.
 */
public final class TlsOptions {
  private @Nullable Pem trusted;
  private @Nullable Pem certificate;
  private @Nullable Pem key;

  TlsOptions() {}

  /**
   * Trusts these certificates instead of the roots of the Java runtime.
   *
   * @param pem one certificate or more, not null
   * @return this
   */
  public TlsOptions trustedCertificates(String pem) {
    return trustedCertificates(Pem.text("trusted certificates", pem));
  }

  /**
   * Trusts the certificates in a file instead of the roots of the Java runtime.
   *
   * @param file one certificate or more as PEM, not null
   * @return this
   */
  public TlsOptions trustedCertificates(Path file) {
    return trustedCertificates(Pem.file("trusted certificates", file));
  }

  /**
   * Presents a certificate to collectors that ask for one (mutual TLS).
   *
   * @param certificatePem the certificate, then the intermediate ones if there are any, not null
   * @param keyPem the private key that belongs to the certificate, not null
   * @return this
   */
  public TlsOptions clientCertificate(String certificatePem, String keyPem) {
    return clientCertificate(Pem.text("client certificate", certificatePem))
        .clientKey(Pem.text("client key", keyPem));
  }

  /**
   * Presents the certificate in a file to collectors that ask for one (mutual TLS). Both may be in
   * the same file.
   *
   * @param certificateFile the certificate as PEM, then the intermediate ones if there are any, not
   *     null
   * @param keyFile the private key that belongs to the certificate as PEM, not null
   * @return this
   */
  public TlsOptions clientCertificate(Path certificateFile, Path keyFile) {
    return clientCertificate(Pem.file("client certificate", certificateFile))
        .clientKey(Pem.file("client key", keyFile));
  }

  /** Shows no setting, since the key is one of them. */
  @Override
  public String toString() {
    return "***";
  }

  // The environment has names of its own for these, and can give a certificate without a key.

  TlsOptions trustedCertificates(Pem pem) {
    trusted = pem;
    return this;
  }

  TlsOptions clientCertificate(Pem pem) {
    certificate = pem;
    return this;
  }

  TlsOptions clientKey(Pem pem) {
    key = pem;
    return this;
  }

  SpanExporter spanExporter(Function<TlsMaterial, SpanExporter> build) {
    TlsSource source = source();
    return source.canChange()
        ? new ReloadingSpanExporter(Reloading.create(source, build, SpanExporter::shutdown))
        : build.apply(source.load());
  }

  MetricExporter metricExporter(Function<TlsMaterial, MetricExporter> build) {
    TlsSource source = source();
    return source.canChange()
        ? new ReloadingMetricExporter(Reloading.create(source, build, MetricExporter::shutdown))
        : build.apply(source.load());
  }

  TlsSource source() {
    return new TlsSource(trusted, certificate, key);
  }
}
