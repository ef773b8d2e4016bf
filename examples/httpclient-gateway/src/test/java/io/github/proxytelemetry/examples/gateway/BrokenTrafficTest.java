package io.github.proxytelemetry.examples.gateway;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (BrokenOrigin users = BrokenOrigin.start();
        BrokenOrigin orders = BrokenOrigin.start();
        ProxyTelemetrySdk sdk = Main.telemetry(0).build();
        Gateway gateway =
            new Gateway(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                URI.create("http://" + users.authority()),
                URI.create("http://" + orders.authority()),
                sdk);
        BrokenTraffic traffic =
            new BrokenTraffic(
                gateway.address(),
                sdk.prometheusAddress("prometheus"),
                answer -> "/profile/" + answer.digit())) {
      traffic.play(users, orders);
      traffic.check();
    }
  }
}
