package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application without a library that only some need. */
class MissingLibraryTest {
  @Test
  void reportsWhichLibraryIsMissing_forThePropagatorOfXray() throws Exception {
    try (URLClassLoader application = without("opentelemetry-aws-xray-propagator-")) {
      Object builder =
          application
              .loadClass(ProxyTelemetrySdk.class.getName())
              .getMethod("builder", String.class)
              .invoke(null, "t");
      Throwable thrown =
          catchThrowable(
              () ->
                  builder
                      .getClass()
                      .getMethod("propagators", String[].class)
                      .invoke(builder, (Object) new String[] {"xray"}));
      assertThat(thrown.getCause())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "propagator xray: is missing; expected"
                  + " io.opentelemetry.contrib:opentelemetry-aws-xray-propagator on the class path"
                  + " or module path, with its META-INF/services");
    }
  }

  @Test
  @RequiresProgram("openssl")
  void readsPkcs8WithTheJdkAlone(@TempDir Path directory) throws Exception {
    Pki pki = Pki.create(directory);
    try (URLClassLoader application = without("bcpkix-", "bcprov-", "bcutil-")) {
      for (Pki.Identity client : List.of(pki.rsaPkcs8("rsa"), pki.ed25519Pkcs8("ed25519"))) {
        assertThat(start(application, client)).isEqualTo("started");
      }
    }
  }

  @Test
  @RequiresProgram("openssl")
  void reportsBothWaysOut_forAKeyInOpenSslsFormat(@TempDir Path directory) throws Exception {
    Pki pki = Pki.create(directory);
    try (URLClassLoader application = without("bcpkix-", "bcprov-", "bcutil-")) {
      assertThat(start(application, pki.rsaPkcs1("rsa")))
          .startsWith("client key (file ")
          .endsWith(
              "): is in OpenSSL's own format (RSA PRIVATE KEY), which the Java runtime cannot"
                  + " read; convert it with \"openssl pkcs8 -topk8 -nocrypt -in key.pem -out"
                  + " pkcs8.pem\", or add org.bouncycastle:bcpkix-jdk18on");
      assertThat(start(application, pki.ecSec1("ec"))).contains("(EC PRIVATE KEY)");
    }
  }

  private static String start(URLClassLoader application, Pki.Identity client) throws Exception {
    // From the application's loader: its classes are not those of this test.
    Object start =
        application.loadClass(Start.class.getName()).getDeclaredConstructor().newInstance();
    BiFunction<?, ?, ?> function = (BiFunction<?, ?, ?>) start;
    return call(function, client);
  }

  @SuppressWarnings("unchecked")
  private static String call(BiFunction<?, ?, ?> start, Pki.Identity client) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // As an application has it: OpenTelemetry looks for services there.
    thread.setContextClassLoader(start.getClass().getClassLoader());
    try {
      return ((BiFunction<Path, Path, String>) start).apply(client.certificate(), client.key());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** An application that presents a client certificate. */
  public static final class Start implements BiFunction<Path, Path, String> {
    @Override
    public String apply(Path certificate, Path key) {
      try {
        ProxyTelemetrySdk.builder("t")
            .otlp(
                "https://127.0.0.1:1",
                otlp -> otlp.tls(tls -> tls.clientCertificate(certificate, key)))
            .build()
            .close(Duration.ZERO);
        return "started";
      } catch (IllegalArgumentException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  private static URLClassLoader without(String... libraries) throws MalformedURLException {
    List<URL> rest = new ArrayList<>();
    int left = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (Stream.of(libraries).anyMatch(Path.of(entry).getFileName().toString()::startsWith)) {
        left++;
      } else {
        rest.add(Path.of(entry).toUri().toURL());
      }
    }
    assertThat(left).isEqualTo(libraries.length);
    return new URLClassLoader(rest.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }
}
