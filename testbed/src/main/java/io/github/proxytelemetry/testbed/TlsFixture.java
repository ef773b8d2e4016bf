package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate and its key, made anew each time. */
public final class TlsFixture {
  static final String PASSWORD_TEXT = "not-a-secret";

  private static final char[] PASSWORD = PASSWORD_TEXT.toCharArray();
  private static final String ALIAS = "origin";

  private final KeyStore keyStore;

  private TlsFixture(KeyStore keyStore) {
    this.keyStore = keyStore;
  }

  /** Makes one for {@code localhost} and {@code 127.0.0.1}. */
  public static TlsFixture create()
      throws IOException, InterruptedException, GeneralSecurityException {
    return create("dns:localhost,ip:127.0.0.1");
  }

  /**
   * Makes one, with the {@code keytool} of the running JDK.
   *
   * @param names whose certificate it is, such as {@code dns:localhost,ip:127.0.0.1}
   */
  public static TlsFixture create(String names)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("tls");
    try {
      Path file = directory.resolve("key.p12");
      Program keytool = Program.run(keytool(file, names));
      if (keytool.exitCode() != 0) {
        throw new IOException("keytool: " + keytool.output());
      }
      KeyStore keyStore = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keyStore.load(in, PASSWORD);
      }
      return new TlsFixture(keyStore);
    } finally {
      TemporaryFiles.delete(directory);
    }
  }

  /** For a server that shows the certificate. */
  public SSLContext server() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(), null, null);
    return context;
  }

  /** For a client that trusts this certificate and no other. */
  public SSLContext client() throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust(), null);
    return context;
  }

  /** The certificate, in PEM. */
  public String certificatePem() throws GeneralSecurityException {
    return pem("CERTIFICATE", keyStore.getCertificate(ALIAS).getEncoded());
  }

  /** The key, in PEM. */
  public String keyPem() throws GeneralSecurityException {
    return pem("PRIVATE KEY", keyStore.getKey(ALIAS, PASSWORD).getEncoded());
  }

  /** The digest of the certificate's public key (RFC 7469, section 2.4), in base64. */
  public String publicKeyDigest() throws GeneralSecurityException {
    byte[] key = keyStore.getCertificate(ALIAS).getPublicKey().getEncoded();
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
  }

  /**
   * Options of a Java runtime whose roots are this certificate.
   *
   * @param directory where the roots may be stored
   */
  public List<String> asRoots(Path directory) throws GeneralSecurityException, IOException {
    Path file = directory.resolve("roots.p12");
    store(trusted(), file);
    return List.of(
        "-Djavax.net.ssl.trustStore=" + file,
        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD_TEXT);
  }

  KeyManager[] keys() throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(keyStore, PASSWORD);
    return keys.getKeyManagers();
  }

  TrustManager[] trust() throws GeneralSecurityException, IOException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted());
    return trust.getTrustManagers();
  }

  /** Writes key and certificate as PKCS #12, with {@link #PASSWORD_TEXT}. */
  void storeKeys(Path file) throws GeneralSecurityException, IOException {
    store(keyStore, file);
  }

  private KeyStore trusted() throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, keyStore.getCertificate(ALIAS));
    return trusted;
  }

  private static void store(KeyStore store, Path file)
      throws GeneralSecurityException, IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }
  }

  private static String pem(String type, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
  }

  private static List<String> keytool(Path file, String names) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        ALIAS,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=" + names,
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        file.toString(),
        "-storepass",
        PASSWORD_TEXT);
  }
}
