package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.Delivery;
import io.github.proxytelemetry.testbed.FreePort;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A collector that does not work is nothing that traffic notices. */
class DeadCollectorTest {
  private static final int REQUESTS = 200;

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http"})
  void servesAllRequests_whenTheCollectorIsDown(String protocol) throws Exception {
    servesAllRequests(FreePort.next(), protocol);
  }

  @Test
  void servesAllRequests_whenTheCollectorNeverAnswers() throws Exception {
    // The kernel accepts for it.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      servesAllRequests(silent.getLocalPort(), "grpc");
    }
  }

  private static void servesAllRequests(int collector, String protocol) throws Exception {
    try (ProxyFixture fixture =
        ProxyFixture.start(
            "--otlp",
            "http://127.0.0.1:" + collector,
            "--otlp-protocol",
            protocol,
            "--sampling",
            "1")) {
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(fixture.get(fixture.url("/hello"))).isEqualTo(200);
      }
      assertThat(fixture.awaitIdle().sum("privacy_proxy_requests_total")).isEqualTo(REQUESTS);
      assertThat(fixture.proxy.stop().status()).isNotEqualTo(Delivery.Status.DELIVERED);
    }
  }
}
