package io.github.proxytelemetry.examples.jetty.minimal;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (BrokenOrigin origin = BrokenOrigin.start();
        ProxyTelemetrySdk sdk =
            ProxyTelemetrySdk.builder("minimal").prometheus("127.0.0.1", 0).build()) {
      Server server = Main.start(sdk, 0, origin.authority());
      try (BrokenTraffic traffic =
          new BrokenTraffic(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getURI().getPort()),
              sdk.prometheusAddress("prometheus"),
              answer -> "/" + answer.digit())) {
        traffic.play(origin);
        traffic.checkWithConnections();
      } finally {
        server.stop();
      }
    }
  }
}
