package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.proxytelemetry.testbed.Program;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An {@code https://} endpoint needs no options where the Java runtime trusts its certificate. */
class RuntimeRootsTest {
  private static final String PASSWORD = "not-a-secret";

  @TempDir Path directory;
  private Path keys;
  private HttpsServer collector;

  @BeforeEach
  void start() throws Exception {
    keys = directory.resolve("keys.p12");
    Program keytool =
        Program.run(
            List.of(
                program("keytool"),
                "-genkeypair",
                "-alias",
                "collector",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD));
    assertThat(keytool.exitCode()).as(keytool.output()).isZero();
    collector = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.setHttpsConfigurator(new HttpsConfigurator(tls()));
    collector.createContext(
        "/v1/traces",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  @Test
  void delivers_whereTheRuntimeTrusts() throws Exception {
    assertThat(
            export(
                "-Djavax.net.ssl.trustStore=" + keys,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD))
        .isEqualTo("DELIVERED");
  }

  @Test
  void deliversNothing_whereTheRuntimeDoesNot() throws Exception {
    assertThat(export()).isNotEqualTo("DELIVERED");
  }

  private String export(String... options) throws Exception {
    String endpoint = "https://127.0.0.1:" + collector.getAddress().getPort();
    Program run = Program.run(Program.java(List.of(options), ExportOnce.class, endpoint));
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run.output().lines().reduce("", (before, line) -> line);
  }

  private SSLContext tls() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static String program(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }
}
