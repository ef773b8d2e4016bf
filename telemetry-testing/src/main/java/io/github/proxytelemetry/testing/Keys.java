package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Keys and certificates for the TLS cases, generated once per JVM by the JDK's {@code keytool}: no
 * certificate in the repository that expires, and no dependency to generate one.
 */
final class Keys {
  /** Names with a certificate each. */
  static final String LOCALHOST = "localhost";

  static final String ONE = "one.test";
  static final String TWO = "two.test";

  private static final String PASSWORD = "not-a-secret";
  private static final int KEYTOOL_SECONDS = 60;

  private static final class Holder {
    static final KeyStore STORE = generate();
  }

  /** Returns a new context, with no session in common with another one; it trusts all keys. */
  static SSLContext context() {
    try {
      // SunX509, the default algorithm, does not select a certificate by SNI.
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(Holder.STORE, PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(Holder.STORE);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("TLS is not available", impossible);
    }
  }

  private static KeyStore generate() {
    try {
      Path directory = Files.createTempDirectory("contract-keys");
      Path file = directory.resolve("keys.p12");
      try {
        addKey(file, LOCALHOST, "dns:localhost,ip:127.0.0.1");
        addKey(file, ONE, "dns:" + ONE);
        addKey(file, TWO, "dns:" + TWO);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          store.load(in, PASSWORD.toCharArray());
        }
        // A self-signed certificate is trusted if it is a trusted-certificate entry.
        for (String name : new String[] {LOCALHOST, ONE, TWO}) {
          store.setCertificateEntry("trusted-" + name, store.getCertificate(name));
        }
        return store;
      } finally {
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    } catch (IOException | GeneralSecurityException failed) {
      throw new IllegalStateException("keytool did not create keys", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private static void addKey(Path file, String alias, String names)
      throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + alias,
                "-ext",
                "san=" + names,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IOException("keytool failed");
    }
  }

  private Keys() {}
}
