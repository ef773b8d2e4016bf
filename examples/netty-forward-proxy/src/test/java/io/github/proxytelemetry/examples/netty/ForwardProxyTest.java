package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.testbed.RawClient;
import java.io.EOFException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the example does as a proxy; its telemetry is looked at in the other tests. */
class ForwardProxyTest {
  private static ProxyFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = ProxyFixture.start("--timeout-ms", "500");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void keepsConnectionAlive() throws Exception {
    try (RawClient client = fixture.client()) {
      assertThat(client.get(fixture.url("/hello")).body()).asString().isEqualTo("hello");
      assertThat(client.get(fixture.url("/status?code=404")).status()).isEqualTo(404);
      assertThat(client.get("http://" + ProxyFixture.BLOCKED + "/").status()).isEqualTo(403);
      assertThat(client.get(fixture.url("/hello")).body()).asString().isEqualTo("hello");
    }
  }

  @Test
  void answersPipelinedRequests_inTheirOrder() throws Exception {
    try (RawClient client = fixture.client()) {
      client.send(
          get(fixture.url("/slow?ms=100"))
              + get(fixture.url("/status?code=404"))
              + "POST http://"
              + ProxyFixture.BLOCKED
              + "/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
              + get(fixture.url("/bytes?n=10")));

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(404);
      assertThat(client.read().status()).isEqualTo(403);
      assertThat(client.read().body()).hasSize(10);
    }
  }

  @Test
  void streamsLargeBodies() throws Exception {
    try (RawClient client = fixture.client()) {
      assertThat(client.get(fixture.url("/bytes?n=5000000")).body()).hasSize(5_000_000);
      assertThat(client.get(fixture.url("/chunked?n=5000000")).body()).hasSize(5_000_000);
      client.send(
          "PUT "
              + fixture.url("/hello")
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
              + "x".repeat(3_000_000));
      assertThat(client.read().body()).asString().isEqualTo("hello");
    }
  }

  @Test
  void answers504_whenTheOriginIsSlow() throws Exception {
    assertThat(fixture.get(fixture.url("/slow?ms=20000"))).isEqualTo(504);
    fixture.await(scrape -> scrape.value("privacy_proxy_attempts_total{outcome=\"timeout\"}") == 1);
  }

  @Test
  void answers502_whenNobodyListens() throws Exception {
    assertThat(fixture.get(ProxyFixture.refused())).isEqualTo(502);
  }

  @Test
  void answers400_toWhatIsNoProxyRequest() throws Exception {
    assertThat(fixture.get("/hello")).isEqualTo(400);
    assertThat(fixture.get("https://" + fixture.origin.authority() + "/")).isEqualTo(400);
    assertThat(fixture.get("http://user@" + fixture.origin.authority() + "/")).isEqualTo(400);
    assertThat(fixture.get("nonsense")).isEqualTo(400);
  }

  @Test
  void removesWhatIsMeantForOneHop() throws Exception {
    try (RawClient client = fixture.client()) {
      client.get(
          fixture.url("/hello"),
          "Connection: keep-alive, X-Hop, Content-Length",
          "X-Hop: 1",
          "X-Marked: hops",
          "Proxy-Authorization: Basic eDp5");
    }
    Headers received =
        fixture.origin.receivedHeaders().stream()
            .filter(headers -> "hops".equals(headers.getFirst("X-Marked")))
            .findFirst()
            .orElseThrow();
    assertThat(received).doesNotContainKeys("X-hop", "Proxy-authorization");
    assertThat(received.get("Host")).containsExactly(fixture.origin.authority());
    assertThat(received.get("Via")).containsExactly("1.1 forward-proxy");
  }

  @Test
  void breaksOff_whenTheOriginDoes() throws Exception {
    try (ServerSocket cut = new ServerSocket(0, 1, fixture.proxy.address().getAddress());
        RawClient client = fixture.client()) {
      client.send(get("http://127.0.0.1:" + cut.getLocalPort() + "/"));
      try (Socket accepted = cut.accept()) {
        accepted.getInputStream().read(new byte[1000]);
        accepted
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
                    .getBytes(StandardCharsets.US_ASCII));
      }
      Assertions.assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
    }
  }

  private static String get(String url) {
    return "GET " + url + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
}
