package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An application without a library that only some need. */
class MissingLibraryTest {
  @Test
  void saysWhichLibraryIsMissing_forThePropagatorOfXray() throws Exception {
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

  private static URLClassLoader without(String library) throws MalformedURLException {
    List<URL> rest = new ArrayList<>();
    int left = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (Path.of(entry).getFileName().toString().startsWith(library)) {
        left++;
      } else {
        rest.add(Path.of(entry).toUri().toURL());
      }
    }
    assertThat(left).isOne();
    return new URLClassLoader(rest.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }
}
