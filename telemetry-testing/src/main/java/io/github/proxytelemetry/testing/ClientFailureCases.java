package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.ProxyError.CLIENT_ABORT;
import static io.github.proxytelemetry.ProxyError.HTTP_PROTOCOL_ERROR;
import static io.github.proxytelemetry.ProxyError.HTTP_REQUEST_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Side;
import org.junit.jupiter.api.Test;

/** Clients that disconnect, and clients that send invalid HTTP. */
abstract class ClientFailureCases extends AdapterCases {
  private static final int LARGE = 4 * 1024 * 1024;

  ClientFailureCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @Test
  void blamesAClient_thatLeavesWhileItSends() throws Exception {
    needs(Capability.CLIENT_ABORT_MID_UPLOAD);
    origin()
        .onRequest(
            connection -> {
              connection.readHead();
              connection.awaitEnd();
            });
    RawClient client = client();
    client.send("POST /b HTTP/1.1\r\nHost: origin.test\r\nContent-Length: 1000\r\n\r\nhello");
    awaitExchanges(1);
    client.reset();
    settle(1);
    assertThat(exchange(0).requestBytes()).isLessThanOrEqualTo(5);
    assertThat(exchange(0).requestEnded()).isFalse();
    assertAborted();
  }

  @Test
  void blamesAClient_thatLeavesWhileItWaits() throws Exception {
    needs(Capability.CLIENT_ABORT_WHILE_WAITING);
    origin().onRequest(Unfinished.silence());
    RawClient client = client();
    client.send(GET);
    origin().awaitRequests(1);
    client.reset();
    settle(1);
    assertThat(exchange(0).status()).isZero();
    assertAborted();
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.CANCELLED);
  }

  @Test
  void blamesAClient_thatLeavesWhileItReceives() throws Exception {
    needs(Capability.CLIENT_ABORT_MID_DOWNLOAD);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\nhello");
              hold();
              connection.send(new byte[LARGE - 5]);
            });
    RawClient client = client();
    client.send(GET);
    assertThat(client.readHead().status()).isEqualTo(200);
    client.readBytes(5);
    client.reset();
    release();
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).responseBytes()).isBetween(5L, (long) LARGE);
    assertThat(exchange(0).responseEnded()).isFalse();
    assertAborted();
  }

  @Test
  void reportsNoExchange_ofAnIncompleteHead() throws Exception {
    // The end of the connection shows that its head was read.
    needs(Capability.CONNECTIONS);
    RawClient client = client();
    client.send("GET /a HTTP/1.1\r\nHost: orig");
    client.close();
    settle(0);
    assertThat(recorder.attempts()).isEmpty();
  }

  @Test
  void reportsNoExchange_ofAMalformedRequestLine() throws Exception {
    assertRefused("\u0001\u0002 not http\r\n\r\n");
  }

  @Test
  void reportsNoExchange_ofAMalformedHeader() throws Exception {
    assertRefused("GET /a HTTP/1.1\r\nHost: origin.test\r\nB\u0000d: x\r\n\r\n");
  }

  @Test
  void blamesAClient_whoseChunksAreMalformed() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readHead();
              connection.awaitEnd();
            });
    RawClient client = client();
    client.send(
        lines(
            "POST /b HTTP/1.1",
            "Host: origin.test",
            "Transfer-Encoding: chunked",
            "",
            "5",
            "hello"));
    origin().awaitRequests(1);
    client.send("no size\r\n");
    client.awaitEnd();
    settle(1);
    assertThat(exchange(0).requestEnded()).isFalse();
    assertThat(exchange(0).requestBytes()).isEqualTo(5);
    assertBlame(0, Side.DOWNSTREAM, HTTP_REQUEST_ERROR, HTTP_PROTOCOL_ERROR);
    assertOriginNotBlamed(exchange(0));
  }

  private void assertRefused(String request) throws Exception {
    RawClient client = client();
    client.send(request);
    client.halfClose();
    client.awaitEnd();
    settle(0);
    assertThat(recorder.attempts()).isEmpty();
    assertThat(origin().requests()).isEmpty();
  }

  private void assertAborted() {
    RecordedExchange exchange = exchange(0);
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.FAILED);
    assertBlame(0, Side.DOWNSTREAM, CLIENT_ABORT);
    assertOriginNotBlamed(exchange);
  }

  private static void assertOriginNotBlamed(RecordedExchange exchange) {
    for (RecordedAttempt attempt : exchange.attempts()) {
      RecordedFailure failure = attempt.failure();
      if (failure != null) {
        assertThat(failure.side()).as("blame of %s", attempt).isNotEqualTo(Side.UPSTREAM);
      }
    }
  }
}
