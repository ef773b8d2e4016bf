package io.github.proxytelemetry.examples.jetty.forward;

import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (BrokenOrigin origin = BrokenOrigin.start();
        ObservedServer proxy = ForwardProxy.start(0, 0);
        BrokenTraffic traffic =
            new BrokenTraffic(
                proxy.address(),
                proxy.metricsAddress(),
                answer -> "http://" + origin.authority() + '/' + answer.digit())) {
      traffic.playTunnels(origin);
      traffic.play(origin);
      traffic.checkWithConnections();
    }
  }
}
