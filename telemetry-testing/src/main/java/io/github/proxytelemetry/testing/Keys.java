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
 * Keys for the cases with TLS, made once in each JVM by the JDK's own {@code keytool}: nothing to
 * renew in a repository, and no dependency for making certificates.
 */
final class Keys {
  /** The names that there are certificates for, one each. */
  static final String LOCALHOST = "localhost";

  static final String ONE = "one.test";
  static final String TWO = "two.test";

  private static final String PASSWORD = "not-a-secret";
  private static final int KEYTOOL_SECONDS = 60;

  private static final class Holder {
    static final KeyStore STORE = generate();
  }

  /** A new context, which shares no sessions with any other one: both its sides trust the keys. */
  static SSLContext context() {
    try {
      // The other algorithm of the JDK does not look at the name that a client asks for.
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(Holder.STORE, PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(Holder.STORE);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the JDK has no TLS", impossible);
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
        // A self-signed certificate is trusted where it stands as one that is trusted.
        for (String name : new String[] {LOCALHOST, ONE, TWO}) {
          store.setCertificateEntry("trusted-" + name, store.getCertificate(name));
        }
        return store;
      } finally {
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    } catch (IOException | GeneralSecurityException failed) {
      throw new IllegalStateException("keytool made no keys", failed);
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
