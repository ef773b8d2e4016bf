package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.start();
        BrokenOrigin origin = BrokenOrigin.start();
        BrokenTraffic traffic =
            new BrokenTraffic(
                fixture.proxy.address(),
                fixture.proxy.metricsAddress(),
                answer -> "http://" + origin.authority() + '/' + answer.digit())) {
      traffic.playTunnels(origin);
      traffic.play(origin);
      traffic.checkWithConnections();
    }
  }
}
