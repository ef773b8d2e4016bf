package io.github.proxytelemetry.examples.httpclient.minimal;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.BrokenOrigin;
import io.github.proxytelemetry.testbed.BrokenTraffic;
import org.junit.jupiter.api.Test;

class BrokenTrafficTest {
  @Test
  void countsAll_andWarnsOfNothing() throws Exception {
    try (BrokenOrigin origin = BrokenOrigin.start();
        ProxyTelemetrySdk sdk =
            ProxyTelemetrySdk.builder("minimal").prometheus("127.0.0.1", 0).build()) {
      HttpServer server = Main.start(sdk, 0, origin.authority());
      try (BrokenTraffic traffic =
          new BrokenTraffic(
              server.getAddress(),
              sdk.prometheusAddress("prometheus"),
              answer -> "/" + answer.digit())) {
        traffic.play(origin);
        traffic.check();
      } finally {
        server.stop(0);
      }
    }
  }
}
