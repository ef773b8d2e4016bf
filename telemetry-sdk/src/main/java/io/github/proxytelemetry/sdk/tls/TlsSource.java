package io.github.proxytelemetry.sdk.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * PEM of one exporter's TLS options, checked and turned into trust and key managers. Immutable.
 *
 * @param trusted certificates to trust; {@code null} for the roots of the Java runtime
 * @param certificate the client certificate and its chain
 * @param key the private key of the client certificate
 */
public record TlsSource(@Nullable Pem trusted, @Nullable Pem certificate, @Nullable Pem key) {
  /** The roots of the Java runtime, and no client certificate. */
  public static final TlsSource DEFAULT = new TlsSource(null, null, null);

  private static final char[] NO_PASSWORD = {};

  /** Returns a copy that trusts other certificates. */
  public TlsSource withTrusted(Pem pem) {
    return new TlsSource(pem, certificate, key);
  }

  /** Returns a copy with another client certificate. */
  public TlsSource withCertificate(Pem pem) {
    return new TlsSource(trusted, pem, key);
  }

  /** Returns a copy with another key. */
  public TlsSource withKey(Pem pem) {
    return new TlsSource(trusted, certificate, pem);
  }

  @Override
  public String toString() {
    return "***";
  }

  boolean hasFiles() {
    return Stream.of(trusted, certificate, key).anyMatch(pem -> pem != null && pem.isFile());
  }

  Contents read() {
    if (certificate != null && key == null) {
      throw certificate.problem("is given without a client key; expected both or neither");
    }
    if (key != null && certificate == null) {
      throw key.problem("is given without a client certificate; expected both or neither");
    }
    return new Contents(read(trusted), read(certificate), read(key));
  }

  TlsMaterial load(Contents contents) {
    try {
      KeyManager @Nullable [] identity =
          certificate == null || key == null ? null : identity(certificate, key, contents);
      X509TrustManager trust = trust(contents);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity, new TrustManager[] {trust}, null);
      return new TlsMaterial(context, trust);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the Java runtime offers no TLS with what its security properties name; expected"
              + " algorithms for ssl.KeyManagerFactory.algorithm and"
              + " ssl.TrustManagerFactory.algorithm, and a keystore.type, that it has",
          e);
    }
  }

  private X509TrustManager trust(Contents contents) throws GeneralSecurityException {
    KeyStore roots = null;
    if (trusted != null) {
      roots = emptyKeyStore();
      int index = 0;
      for (X509Certificate root : PemReader.certificates(trusted, given(contents.trusted))) {
        roots.setCertificateEntry("trusted-" + index++, root);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    // Null stands for the roots of the runtime.
    factory.init(roots);
    return Stream.of(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("no X.509 trust manager"));
  }

  private static KeyManager[] identity(Pem certificate, Pem key, Contents contents)
      throws GeneralSecurityException {
    List<X509Certificate> chain = PemReader.certificates(certificate, given(contents.certificate));
    requireValidNow(certificate, chain.get(0));
    PrivateKey privateKey = PemReader.privateKey(key, given(contents.key));
    requireMatch(key, privateKey, chain.get(0));
    KeyStore store = emptyKeyStore();
    store.setKeyEntry("client", privateKey, NO_PASSWORD, chain.toArray(new X509Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static void requireValidNow(Pem pem, X509Certificate certificate) {
    Instant now = Instant.now();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    // Day precision: a repeated problem must read the same, so that it is logged once.
    String expected =
        "; expected a certificate that is valid now, " + now.truncatedTo(ChronoUnit.DAYS);
    if (now.isBefore(from)) {
      throw pem.problem("is not valid before " + from + expected);
    }
    if (now.isAfter(until)) {
      throw pem.problem("expired at " + until + expected);
    }
  }

  private static void requireMatch(Pem pem, PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          // Bouncy Castle's names, where a host has installed it as the first provider.
          case "EC", "ECDSA" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519" -> "EdDSA";
          default ->
              throw pem.problem("is a " + key.getAlgorithm() + " key" + PemReader.EXPECTED_KEY);
        };
    if (!verifies(algorithm, key, certificate)) {
      throw pem.problem(
          "does not match the client certificate; expected the key that belongs to the first"
              + " certificate there");
    }
  }

  private static boolean verifies(String algorithm, PrivateKey key, X509Certificate certificate) {
    byte[] probe = new byte[32];
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // A public key of another kind.
      return false;
    }
  }

  private static KeyStore emptyKeyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, NO_PASSWORD);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    return store;
  }

  private static @Nullable String read(@Nullable Pem pem) {
    return pem == null ? null : pem.read();
  }

  private static String given(@Nullable String content) {
    return Objects.requireNonNull(content);
  }

  /** PEM text as it was read. */
  record Contents(@Nullable String trusted, @Nullable String certificate, @Nullable String key) {
    @Override
    public String toString() {
      return "***";
    }
  }
}
