package io.github.proxytelemetry.sdk;

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

/** Reads the PEM of one exporter, checks it and makes it what TLS needs. */
final class TlsSource {
  private static final char[] NO_PASSWORD = {};

  private final @Nullable Pem trusted;
  private final @Nullable Pem certificate;
  private final @Nullable Pem key;

  TlsSource(@Nullable Pem trusted, @Nullable Pem certificate, @Nullable Pem key) {
    if (certificate != null && key == null) {
      throw certificate.problem("is given without a client key; allowed are both or neither");
    }
    if (key != null && certificate == null) {
      throw key.problem("is given without a client certificate; allowed are both or neither");
    }
    this.trusted = trusted;
    this.certificate = certificate;
    this.key = key;
  }

  boolean canChange() {
    return Stream.of(trusted, certificate, key).anyMatch(pem -> pem != null && pem.isFile());
  }

  TlsMaterial load() {
    return load(read());
  }

  Contents read() {
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
          "the Java runtime offers no TLS with what its security properties name; allowed are"
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
      for (X509Certificate root : PemObjects.certificates(trusted, given(contents.trusted))) {
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
    List<X509Certificate> chain = PemObjects.certificates(certificate, given(contents.certificate));
    requireValidNow(certificate, chain.get(0));
    PrivateKey privateKey = PemObjects.privateKey(key, given(contents.key));
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
    // The day only: the clock may be what is wrong, but a repeated problem must read the same.
    String allowed =
        "; allowed is a certificate that is valid now, " + now.truncatedTo(ChronoUnit.DAYS);
    if (now.isBefore(from)) {
      throw pem.problem("is not valid before " + from + allowed);
    }
    if (now.isAfter(until)) {
      throw pem.problem("expired at " + until + allowed);
    }
  }

  private static void requireMatch(Pem pem, PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          // The second names are what Bouncy Castle calls them, where a host has put it first.
          case "EC", "ECDSA" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519" -> "EdDSA";
          default ->
              throw pem.problem("is a " + key.getAlgorithm() + " key" + PemObjects.ALLOWED_KEY);
        };
    if (!verifies(algorithm, key, certificate)) {
      throw pem.problem(
          "does not match the client certificate; allowed is the key that belongs to the first"
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

  /** What was read last, to see whether it changed. Times of files are too coarse for that. */
  record Contents(@Nullable String trusted, @Nullable String certificate, @Nullable String key) {
    @Override
    public String toString() {
      return "***";
    }
  }
}
