package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for {@code localhost} and {@code 127.0.0.1}, made anew each time. */
public final class TlsFixture {
  private static final char[] PASSWORD = "not-a-secret".toCharArray();

  private final KeyStore keyStore;

  private TlsFixture(KeyStore keyStore) {
    this.keyStore = keyStore;
  }

  /** Makes one, with the {@code keytool} of the running JDK. */
  public static TlsFixture create()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("tls");
    try {
      Path file = directory.resolve("key.p12");
      Program keytool = Program.run(keytool(file));
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
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(keyStore, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** For a client that trusts this certificate and no other. */
  public SSLContext client() throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("origin", keyStore.getCertificate("origin"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static List<String> keytool(Path file) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "origin",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=dns:localhost,ip:127.0.0.1",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        file.toString(),
        "-storepass",
        String.valueOf(PASSWORD));
  }
}
