package io.github.proxytelemetry.examples.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReverseProxyTest {
  private TestOrigin origin;

  @BeforeEach
  void start() throws IOException {
    origin = TestOrigin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void forwards_onConnectionsThatItKeeps() throws Exception {
    try (GatewayFixture fixture = GatewayFixture.start(origin.authority());
        RawClient client = fixture.client()) {
      for (int i = 0; i < 10; i++) {
        RawClient.Response response = client.get("/hello");
        assertThat(response.status()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("hello");
        assertThat(response.header("server-timing")).matches("proxy;dur=\\d+\\.\\d");
      }
      client.reset();
      Scrape scrape = fixture.awaitIdle();

      assertThat(scrape.value("privacy_proxy_connections_total")).isEqualTo(1);
      assertThat(GatewayFixture.requests(scrape, "1.1", 200)).isEqualTo(10);
      assertThat(scrape.sum("privacy_proxy_connect_latency_seconds_count")).isEqualTo(1);
      assertThat(scrape.sum("privacy_proxy_attempts_total")).isEqualTo(10);
    }
  }

  @Test
  void answersPipelinedRequests_inTheirOrder() throws Exception {
    try (GatewayFixture fixture = GatewayFixture.start(origin.authority());
        RawClient client = fixture.client()) {
      client.send(
          """
          GET /slow?ms=50 HTTP/1.1\r
          Host: x\r
          \r
          POST /status?code=404 HTTP/1.1\r
          Host: x\r
          Content-Length: 4\r
          \r
          bodyGET /hello HTTP/1.1\r
          Host: x\r
          \r
          """);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(404);
      assertThat(client.read().status()).isEqualTo(200);
      client.reset();
      Scrape scrape = fixture.awaitIdle();

      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"404\"}")).isEqualTo(1);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"200\"}")).isEqualTo(2);
    }
  }

  @Test
  void triesTheOtherUpstream_withWhatMayBeRepeated() throws Exception {
    String upstreams = "127.0.0.1:" + FreePort.next() + ',' + origin.authority();
    try (GatewayFixture fixture = GatewayFixture.start(upstreams);
        RawClient client = fixture.client()) {
      // Turns: the first one refuses, and the retry takes the other's.
      for (int i = 0; i < 5; i++) {
        assertThat(client.get("/hello").status()).isEqualTo(200);
      }
      assertThat(post(client).status()).isEqualTo(502);
      client.reset();
      Scrape scrape = fixture.awaitIdle();

      assertThat(origin.requests()).isEqualTo(5);
      assertThat(scrape.sum("privacy_proxy_attempts_total")).isEqualTo(11);
      assertThat(GatewayFixture.requests(scrape, "1.1", 200)).isEqualTo(5);
      assertThat(GatewayFixture.requests(scrape, "1.1", 502)).isEqualTo(1);
      assertThat(
              scrape.sum(
                  "privacy_proxy_errors_total",
                  "error=\"connection_refused\",side=\"upstream\",upstream=\"127.0.0.1:"))
          .isEqualTo(1);
    }
  }

  @Test
  void answersInTime_whenTheUpstreamDoesNot() throws Exception {
    try (GatewayFixture fixture =
            GatewayFixture.start(origin.authority(), "--timeout-ms", "300", "--retries", "0");
        RawClient client = fixture.client()) {
      assertThat(client.get("/slow?ms=5000").status()).isEqualTo(504);
      assertThat(client.get("/hello").status()).isEqualTo(200);
      client.reset();
      Scrape scrape = fixture.awaitIdle();

      assertThat(GatewayFixture.requests(scrape, "1.1", 504)).isEqualTo(1);
      assertThat(GatewayFixture.requests(scrape, "1.1", 200)).isEqualTo(1);
    }
  }

  @Test
  void usesNoConnectionAgain_thatHoldsTheRestOfAnAnswer() throws Exception {
    try (GatewayFixture fixture = GatewayFixture.start(origin.authority(), "--connections", "1")) {
      for (int i = 0; i < 10; i++) {
        try (RawClient leaver = fixture.client()) {
          leaver.send("GET /bytes?n=20000000 HTTP/1.1\r\nHost: x\r\n\r\n");
          leaver.readSome(1000);
          leaver.reset();
        }
        try (RawClient client = fixture.client()) {
          RawClient.Response response = client.get("/hello");
          assertThat(response.status()).isEqualTo(200);
          assertThat(response.body()).hasSize(5);
        }
      }
      Scrape scrape = fixture.awaitIdle();

      assertThat(scrape.sum("privacy_proxy_attempts_total", "outcome=\"canceled\"")).isEqualTo(10);
      assertThat(scrape.sum("privacy_proxy_attempts_total", "outcome=\"success\"")).isEqualTo(10);
    }
  }

  private static RawClient.Response post(RawClient client) throws IOException {
    client.send("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
    return client.read();
  }
}
