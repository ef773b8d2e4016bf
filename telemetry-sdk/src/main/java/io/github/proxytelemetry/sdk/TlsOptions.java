package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.sdk.tls.Pem;
import io.github.proxytelemetry.sdk.tls.TlsSource;
import java.nio.file.Path;

/**
 * TLS options of an OTLP exporter: trusted roots and client certificate. The defaults are the roots
 * of the Java runtime and no client certificate. The host name is always verified (RFC 9525), and
 * the TLS versions are those that the Java runtime allows.
 *
 * <p>Everything is PEM (RFC 7468), given as text or as a file. Lines may end in LF, CRLF or the two
 * characters {@code \n}; text around the blocks is skipped. A private key is one unencrypted RSA,
 * EC or Ed25519 key in PKCS#8 ({@code PRIVATE KEY}). PKCS#1 ({@code RSA PRIVATE KEY}) and SEC1
 * ({@code EC PRIVATE KEY}) need {@code org.bouncycastle:bcpkix-jdk18on}, which is optional.
 *
 * <p>Files are read again before an export, at most every ten seconds. New content is used by the
 * next export, over a new connection. Unusable content is logged, and the previous one stays in
 * use.
 *
 * <p>Bad material is found by {@link ProxyTelemetrySdkBuilder#build}: its {@link
 * IllegalArgumentException} names the option, the problem and what is expected, and never quotes
 * the material.
 *
 * <p>Not thread-safe. A later call replaces what an earlier one set.
 */
public final class TlsOptions {
  TlsSource source;

  TlsOptions(TlsSource source) {
    this.source = source;
  }

  /**
   * Trusts these certificates instead of the roots of the Java runtime.
   *
   * @param pem one certificate or more, not null
   * @return this
   */
  public TlsOptions trustedCertificates(String pem) {
    source = source.withTrusted(Pem.text("trusted certificates", pem));
    return this;
  }

  /**
   * Trusts the certificates in a file instead of the roots of the Java runtime.
   *
   * @param file one certificate or more as PEM, not null
   * @return this
   */
  public TlsOptions trustedCertificates(Path file) {
    source = source.withTrusted(Pem.file("trusted certificates", file));
    return this;
  }

  /**
   * Presents a certificate to collectors that ask for one (mutual TLS).
   *
   * @param certificatePem the certificate, then the intermediate ones if there are any, not null
   * @param keyPem the private key that belongs to the certificate, not null
   * @return this
   */
  public TlsOptions clientCertificate(String certificatePem, String keyPem) {
    return client(Pem.text("client certificate", certificatePem), Pem.text("client key", keyPem));
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
    return client(Pem.file("client certificate", certificateFile), Pem.file("client key", keyFile));
  }

  /** Shows nothing, as the key is a secret. */
  @Override
  public String toString() {
    return "***";
  }

  private TlsOptions client(Pem certificate, Pem key) {
    source = source.withCertificate(certificate).withKey(key);
    return this;
  }
}
