package io.github.proxytelemetry.examples.jetty.reverse;

import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (BrokenOrigin origin = BrokenOrigin.start();
        ObservedServer proxy = ReverseProxy.start(0, 0, origin.authority());
        BrokenTraffic traffic =
            new BrokenTraffic(
                proxy.address(), proxy.metricsAddress(), answer -> "/" + answer.digit())) {
      traffic.play(origin);
      traffic.checkWithConnections();
    }
  }
}
