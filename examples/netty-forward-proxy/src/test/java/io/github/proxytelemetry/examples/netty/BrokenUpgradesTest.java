package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.Warnings;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy passes no upgrade on, so that an origin has nothing to switch to. */
class BrokenUpgradesTest {
  private static final String GRANTED =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  private static final String[] UPGRADE = {
    "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"
  };

  private final Warnings warnings = new Warnings();
  private ScriptedOrigin origin;
  private ProxyFixture fixture;

  @BeforeEach
  void start() throws Exception {
    origin = ScriptedOrigin.start();
    fixture = ProxyFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    Scrape scrape = fixture.awaitIdle();
    fixture.close();
    origin.close();
    warnings.close();
    assertThat(scrape.sum("privacy_proxy_telemetry_late_calls_total")).isZero();
    assertThat(warnings.messages()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ACCEPT})
  void answers502_whenTheOriginSwitches(String accept) throws Exception {
    // It leaves it to the proxy to close the connection.
    OriginScript switching =
        connection -> {
          connection.readRequest();
          connection.send(GRANTED + accept + "\r\n");
          connection.awaitEnd();
        };
    origin.onRequest(switching);
    origin.onRequest(switching);
    origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    try (RawClient client = fixture.client()) {
      assertThat(client.get(url()).status()).isEqualTo(502);
      assertThat(client.get(url(), UPGRADE).status()).isEqualTo(502);
      assertThat(client.get(url()).status()).isEqualTo(200);
    }
    assertThat(
            fixture
                .awaitIdle()
                .value(
                    "privacy_proxy_errors_total{error=\"http_protocol_error\",side=\"upstream\"}"))
        .isEqualTo(2);
    assertThat(origin.requests()).allMatch(request -> request.headers("Upgrade").isEmpty());
  }

  @Test
  void passesOn_whatTheOriginAnswersInstead() throws Exception {
    origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"));
    origin.onRequest(OriginScript.respond("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno"));
    try (RawClient client = fixture.client()) {
      assertThat(client.get(url(), UPGRADE).status()).isEqualTo(200);
      assertThat(client.get(url(), UPGRADE).status()).isEqualTo(404);
    }
  }

  @Test
  void answers502_whenTheOriginCloses() throws Exception {
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.close();
        });
    try (RawClient client = fixture.client()) {
      assertThat(client.get(url(), UPGRADE).status()).isEqualTo(502);
    }
  }

  @Test
  void answersAClientOfHttp10() throws Exception {
    origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"));
    try (RawClient client = fixture.client()) {
      client.send("GET " + url() + " HTTP/1.0\r\n" + String.join("\r\n", UPGRADE) + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  private String url() {
    return "http://127.0.0.1:" + origin.address().getPort() + "/";
  }
}
