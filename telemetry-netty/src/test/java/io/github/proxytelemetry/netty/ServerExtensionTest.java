package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.proxytelemetry.ProxyTelemetry;
import io.netty.bootstrap.ChannelInitializerExtension;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerExtensionTest {
  /** Netty reads the property once, so the host runs in a class loader of its own. */
  @Test
  void observesAServer_whoseInitializerBelongsToAFramework() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String entry :
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
      classPath.add(Path.of(entry).toUri().toURL());
    }
    System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    try (URLClassLoader host =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> user = host.loadClass(FrameworkHost.class.getName());
      assertThat(user.getDeclaredMethod("serve").invoke(null))
          .isEqualTo("2 connections, 2 exchanges");
    } finally {
      System.clearProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY);
    }
  }

  @Test
  void namesTheArgument_thatIsNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> NettyTelemetry.create(ProxyTelemetry.noop()).observeServers(null))
        .withMessage("accepted");
  }
}
