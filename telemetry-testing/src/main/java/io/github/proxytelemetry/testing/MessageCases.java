package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests and responses that succeed. */
abstract class MessageCases extends AdapterCases {
  private static final String POST_3 =
      "POST /b HTTP/1.1\r\nHost: origin.test\r\nContent-Length: 3\r\n\r\nabc";

  private static final int HUNDREDS = 300;
  private static final int LARGE = 16 * 1024 * 1024;

  MessageCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @Test
  void reportsThreeExchanges_ofOneConnection() throws Exception {
    origin().onRequest(OriginScript.respond(OK));
    origin().onRequest(OriginScript.respond(OK));
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client();
    for (int i = 0; i < 3; i++) {
      client.send(GET);
      assertThat(client.readResponse().body()).isEqualTo("ok");
    }
    settle(3);
    for (int i = 0; i < 3; i++) {
      assertServed(i, "GET", 200);
      assertBodies(i, 0, 2);
      assertUpstreamVersion(i, "1.1");
      assertThat(exchange(i).path()).isEqualTo("/a");
    }
    if (has(Capability.CONNECTIONS)) {
      assertThat(recorder.connections().get(0).exchanges()).hasSize(3);
    }
  }

  @Test
  void reportsEveryByteOnTheWire() throws Exception {
    needs(Capability.WIRE_BYTES);
    origin().onRequest(OriginScript.respond(OK));
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client();
    client.send(GET);
    client.readResponse();
    client.send(POST_3);
    client.readResponse();
    settle(2);
    assertThat(recorder.connections().get(0).bytesRead()).isEqualTo(client.sent());
    assertThat(recorder.connections().get(0).bytesWritten()).isEqualTo(client.received());
  }

  @Test
  void distinguishesPipelinedRequests() throws Exception {
    needs(Capability.PIPELINING);
    origin().onRequest(OriginScript.respond(response(200, "first")));
    origin().onRequest(OriginScript.respond(response(404, "second")));
    RawClient client = client();
    client.send(GET.replace("/a", "/1") + GET.replace("/a", "/2"));
    assertThat(client.readResponse().body()).isEqualTo("first");
    assertThat(client.readResponse().body()).isEqualTo("second");
    settle(2);
    assertThat(exchange(0).path()).isEqualTo("/1");
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 5);
    assertThat(exchange(1).path()).isEqualTo("/2");
    assertServed(1, "GET", 404);
    assertBodies(1, 0, 6);
  }

  @Test
  void keepsCountsApart_onOneConnection() throws Exception {
    origin().onRequest(OriginScript.respond(response(200, "a longer answer")));
    origin().onRequest(OriginScript.respond(response(500, "no")));
    RawClient client = client();
    client.send(POST_3);
    client.readResponse();
    client.send(GET);
    assertThat(client.readResponse().status()).isEqualTo(500);
    settle(2);
    assertServed(0, "POST", 200);
    assertBodies(0, 3, 15);
    assertServed(1, "GET", 500);
    assertBodies(1, 0, 2);
  }

  @Test
  void reportsNoBody_ofHead() throws Exception {
    bodyless("HEAD", 200, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  }

  @Test
  void reportsNoBody_of204() throws Exception {
    bodyless("GET", 204, "HTTP/1.1 204 No Content\r\n\r\n");
  }

  @Test
  void reportsNoBody_of304() throws Exception {
    bodyless("GET", 304, "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
  }

  private void bodyless(String method, int status, String response) throws Exception {
    origin().onRequest(OriginScript.respond(response));
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client();
    client.send(GET.replace("GET", method));
    assertThat(client.readResponse(method).status()).isEqualTo(status);
    client.send(GET);
    assertThat(client.readResponse().body()).as("the response after it").isEqualTo("ok");
    settle(2);
    assertServed(0, method, status);
    assertBodies(0, 0, 0);
  }

  @Test
  void countsContentOnly_ofChunkedBodies() throws Exception {
    // Some hosts fail on trailers.
    boolean trailers = has(Capability.TRAILERS);
    origin()
        .onRequest(
            OriginScript.respond(
                lines(
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "Trailer: X-Sum",
                        "",
                        "4",
                        "wiki",
                        "5",
                        "pedia",
                        "0")
                    + (trailers ? "X-Sum: 9\r\n\r\n" : "\r\n")));
    RawClient client = client();
    client.send(
        lines(
            "POST /b HTTP/1.1",
            "Host: origin.test",
            "Transfer-Encoding: chunked",
            "Trailer: X-Sum",
            "",
            "5",
            "hello"));
    client.send("1\r\n!\r\n0\r\n" + (trailers ? "X-Sum: 6\r\n\r\n" : "\r\n"));
    assertThat(client.readResponse("POST").body()).isEqualTo("wikipedia");
    settle(1);
    assertThat(origin().requests().get(0).body()).isEqualTo("hello!");
    assertServed(0, "POST", 200);
    assertBodies(0, 6, 9);
  }

  @Test
  void goesBackToZero_whenAClientPipelinesWithoutEnd() throws Exception {
    needs(Capability.PIPELINING);
    needs(Capability.PIPELINE_LIMIT);
    origin().onRequest(Unfinished.silence());
    RawClient client = client();
    client.send(GET.repeat(HUNDREDS));
    client.awaitEnd();
    recorder.awaitUntil(
        "the exchanges are over",
        () -> !recorder.exchanges().isEmpty() && recorder.activeExchanges() == 0,
        TIMEOUT);
    int understood = recorder.exchanges().size();
    assertThat(understood).isBetween(1, HUNDREDS - 1);
    settle(understood);
    assertThat(recorder.exchanges())
        .allMatch(exchange -> exchange.terminal() == Terminal.FAILED, "failed")
        .allMatch(exchange -> exchange.blame() != null, "blamed");
  }

  @Test
  void forwardsALargeResponse_toAClientThatReadsLate() throws Exception {
    // More than the socket buffers of both connections, so that the proxy's writes are delayed.
    byte[] body = new byte[LARGE];
    new Random(1).nextBytes(body);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
              connection.send(body);
            });
    RawClient client = client();
    client.send(GET);
    recorder.awaitUntil(
        "the response has started",
        () -> recorder.exchanges().stream().anyMatch(exchange -> exchange.status() == 200),
        TIMEOUT);
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readBytes(LARGE)).isEqualTo(body);
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, LARGE);
  }

  @Test
  void reportsTheEnd_ofAResponseDelimitedByClose() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
              connection.close();
            });
    RawClient client = client();
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("until the end");
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 13);
  }

  @Test
  void answersAClient_thatHalfCloses() throws Exception {
    needs(Capability.HALF_CLOSE);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              hold();
              connection.send(OK);
            });
    RawClient client = client();
    client.send(GET);
    client.halfClose();
    origin().awaitRequests(1);
    release();
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 2);
  }

  static String response(int status, String body) {
    return "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body);
  }
}
