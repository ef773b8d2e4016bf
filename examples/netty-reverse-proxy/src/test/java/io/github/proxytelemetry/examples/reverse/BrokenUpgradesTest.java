package io.github.proxytelemetry.examples.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.Warnings;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Upgrades that one side did not ask for, and upgrades that come to nothing. */
class BrokenUpgradesTest {
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n";
  private static final String GRANTED =
      SWITCHING
          + "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String ASKED = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n";
  private static final String KEY =
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final Warnings warnings = new Warnings();
  private ScriptedOrigin origin;
  private GatewayFixture fixture;

  @BeforeEach
  void start() throws Exception {
    origin = ScriptedOrigin.start();
    fixture =
        GatewayFixture.start(
            "127.0.0.1:" + origin.address().getPort(), "--retries", "0", "--connections", "1");
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

  @Test
  void answers502_whenNobodyAskedToSwitch() throws Exception {
    origin.onRequest(thenWaits(GRANTED));
    origin.onRequest(OriginScript.respond(HELLO));
    try (RawClient client = fixture.client()) {
      assertThat(client.get("/").status()).isEqualTo(502);
      // The origin answers this one, on another connection: the first one's script still runs.
      assertThat(client.get("/").status()).isEqualTo(200);
    }
    assertThat(
            fixture
                .awaitIdle()
                .sum(
                    "privacy_proxy_errors_total",
                    "error=\"http_protocol_error\",side=\"upstream\",upstream=\"127.0.0.1:"))
        .isEqualTo(1);
  }

  @Test
  void answers502_whenTheUpstreamSwitchesToSomethingElse() throws Exception {
    origin.onRequest(thenWaits(SWITCHING + "Upgrade: chat\r\n\r\n"));
    origin.onRequest(thenWaits(SWITCHING + "Upgrade: websocket\r\n\r\n"));
    origin.onRequest(thenWaits(GRANTED));
    assertThat(answer(ASKED + "Upgrade: websocket\r\n" + KEY)).isEqualTo(502);
    assertThat(answer(ASKED + "Upgrade: websocket\r\n" + KEY)).isEqualTo(502);
    assertThat(answer(ASKED + "Upgrade: chat\r\n")).isEqualTo(502);
  }

  @Test
  void passesOn_whatTheUpstreamAnswersInstead() throws Exception {
    for (String status : new String[] {"200 OK", "404 Not Found", "400 Bad Request"}) {
      origin.onRequest(
          OriginScript.respond("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno"));
    }
    assertThat(answer(ASKED + "Upgrade: websocket\r\n" + KEY)).isEqualTo(200);
    assertThat(answer(ASKED + "Upgrade: websocket\r\n" + KEY)).isEqualTo(404);
    // Without a key the origin refuses it.
    assertThat(answer(ASKED + "Upgrade: websocket\r\n")).isEqualTo(400);
  }

  @Test
  void answers502_whenTheUpstreamCloses() throws Exception {
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.close();
        });
    assertThat(answer(ASKED + "Upgrade: websocket\r\n" + KEY)).isEqualTo(502);
  }

  @Test
  void switchesNoClientOfHttp10() throws Exception {
    origin.onRequest(OriginScript.respond(HELLO));
    origin.onRequest(thenWaits(GRANTED));
    String asked = ASKED.replace("HTTP/1.1", "HTTP/1.0") + "Upgrade: websocket\r\n" + KEY;
    assertThat(answer(asked)).isEqualTo(200);
    assertThat(answer(asked)).isEqualTo(502);
    assertThat(origin.requests()).allMatch(request -> request.headers("Upgrade").isEmpty());
  }

  private int answer(String request) throws IOException {
    try (RawClient client = fixture.client()) {
      client.send(request + "\r\n");
      return client.read().status();
    }
  }

  /** Answers, and leaves it to the proxy to close the connection. */
  private static OriginScript thenWaits(String response) {
    return connection -> {
      connection.readRequest();
      connection.send(response);
      connection.awaitEnd();
    };
  }
}
