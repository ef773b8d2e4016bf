package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (BrokenOrigin origin = BrokenOrigin.start();
        GatewayFixture fixture = GatewayFixture.start(origin.authority());
        BrokenTraffic traffic =
            new BrokenTraffic(
                fixture.proxy.address(),
                fixture.proxy.metricsAddress(),
                answer -> "/" + answer.digit())) {
      traffic.play(origin);
      traffic.checkWithConnections();
    }
  }
}
