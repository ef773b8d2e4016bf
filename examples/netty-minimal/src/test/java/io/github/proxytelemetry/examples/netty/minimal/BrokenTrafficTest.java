package io.github.proxytelemetry.examples.netty.minimal;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (BrokenOrigin origin = BrokenOrigin.start();
        ProxyTelemetrySdk sdk =
            ProxyTelemetrySdk.builder("minimal").prometheus("127.0.0.1", 0).build()) {
      Channel server = Main.start(sdk, 0, origin.authority().split(":", 2));
      try (BrokenTraffic traffic =
          new BrokenTraffic(
              (InetSocketAddress) server.localAddress(),
              sdk.prometheusAddress("prometheus"),
              answer -> "/" + answer.digit())) {
        traffic.play(origin);
        traffic.checkWithConnections();
      } finally {
        server.eventLoop().parent().shutdownGracefully().sync();
      }
    }
  }
}
