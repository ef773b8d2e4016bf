package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.proxy.ProxyHandler;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NettyWithoutHttp2Test {
  /** A host of HTTP/1.1 works without the two optional Netty artifacts. */
  @Test
  void needsNoCodecForHttp2_norHandlersForProxies() throws Exception {
    Path http2 = whereItComesFrom(Http2FrameCodec.class);
    Path proxies = whereItComesFrom(ProxyHandler.class);
    List<URL> others = new ArrayList<>();
    for (String entry :
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
      Path path = Path.of(entry).toAbsolutePath();
      if (!path.equals(http2) && !path.equals(proxies)) {
        others.add(path.toUri().toURL());
      }
    }
    try (URLClassLoader host =
        new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> user = host.loadClass(Http1Host.class.getName());
      assertThat(user.getDeclaredMethod("serve").invoke(null))
          .asString()
          .startsWith("HTTP/1.1 200 OK")
          .contains("1 exchange, 1 attempt");
    }
  }

  private static Path whereItComesFrom(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
        .toAbsolutePath();
  }
}
