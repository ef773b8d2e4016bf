package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Interim responses, and final responses before the end of the request. */
abstract class InterimCases extends AdapterCases {
  InterimCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @Test
  void reportsTheFinalStatus_afterContinue() throws Exception {
    origin()
        .onRequest(
            connection -> {
              // The proxy may send the 100 itself, and not forward the expectation.
              if (!connection.readHead().headers("expect").isEmpty()) {
                connection.send("HTTP/1.1 100 Continue\r\n\r\n");
              }
              connection.readBytes(5);
              connection.send(MessageCases.response(500, "no"));
            });
    RawClient client = client();
    client.send(
        lines(
            "POST /b HTTP/1.1",
            "Host: origin.test",
            "Expect: 100-continue",
            "Content-Length: 5",
            ""));
    assertThat(client.readHead().status()).isEqualTo(100);
    client.send("hello");
    assertThat(client.readResponse("POST").status()).isEqualTo(500);
    settle(1);
    assertThat(exchange(0).informational()).allMatch(status -> status == 100);
    assertServed(0, "POST", 500);
    assertBodies(0, 5, 2);
  }

  @Test
  void reportsEarlyHints_andTheFinalStatus() throws Exception {
    needs(Capability.INTERIM_RESPONSES);
    origin()
        .onRequest(OriginScript.respond("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK));
    RawClient client = client();
    client.send(GET);
    RawMessage response = client.readResponse();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.interim()).singleElement().extracting(RawMessage::status).isEqualTo(103);
    assertThat(response.interim().get(0).headers("server-timing")).isEmpty();
    assertThat(response.headers("server-timing"))
        .containsExactly(RecordingProxyTelemetry.SERVER_TIMING_VALUE);
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 2);
    assertThat(exchange(0).events())
        .containsSubsequence("informational 103", "responseStarted 200");
    assertThat(attempt(0).events()).containsSubsequence("informational 103", "responseStarted 200");
  }

  @Test
  void reportsAnEarlyAnswer_whileTheRequestGoesOn() throws Exception {
    needs(Capability.EARLY_RESPONSE);
    origin()
        .onRequest(
            connection -> {
              connection.readHead();
              connection.send(MessageCases.response(413, "no"));
              connection.readBytes(10);
            });
    RawClient client = client();
    client.send("POST /b HTTP/1.1\r\nHost: origin.test\r\nContent-Length: 10\r\n\r\nhello");
    assertThat(client.readResponse("POST").status()).isEqualTo(413);
    sendTheRest(client);
    settle(1);
    RecordedExchange exchange = exchange(0);
    assertThat(exchange.status()).isEqualTo(413);
    assertThat(exchange.responseEnded()).isTrue();
    assertThat(exchange.responseBytes()).isEqualTo(2);
    assertThat(exchange.requestBytes()).isBetween(0L, 10L);
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.ENDED);
    assertThat(attempt(0).status()).isEqualTo(413);
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.ENDED);
  }

  private static void sendTheRest(RawClient client) {
    try {
      client.send("world");
    } catch (IOException closed) {
      // RFC 9112, section 9.6: a server may close the connection after its response.
    }
  }
}
