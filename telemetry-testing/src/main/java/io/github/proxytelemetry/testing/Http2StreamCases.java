package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Concurrent HTTP/2 streams, and the contents of their frames. */
abstract class Http2StreamCases extends AdapterCases {
  private final Http2Checks checks = new Http2Checks(this);

  Http2StreamCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsHttp2() {
    needs(Capability.HTTP2);
  }

  @Test
  void distinguishesStreams_thatAreAnsweredInAnotherOrder() throws Exception {
    // The first request is answered after the second one, in either order of arrival.
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              hold();
              connection.send(MessageCases.response(200, "held"));
            })
        .onRequest(OriginScript.respond(MessageCases.response(404, "at once")));
    RawHttp2 client = checks.client();
    client.get(1, "/1");
    origin().awaitRequests(1);
    client.get(3, "/3");
    assertThat(client.awaitEnd(3).status()).isEqualTo(404);
    assertThat(client.stream(3).content()).isEqualTo("at once");
    assertThat(exchange(0).status()).isZero();
    release();
    assertThat(client.awaitEnd(1).content()).isEqualTo("held");
    settle(2);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 4);
    assertServed(1, "GET", 404);
    assertBodies(1, 0, 7);
  }

  @Test
  void countsContentOnly_ofFrames() throws Exception {
    origin().onRequest(OriginScript.respond(MessageCases.response(200, "a longer answer")));
    RawHttp2 client = checks.client();
    client.request(1, false, "POST", "/b", "content-length", "6");
    client.data(1, false, "hello");
    client.data(1, true, "!");
    assertThat(client.awaitEnd(1).content()).isEqualTo("a longer answer");
    settle(1);
    assertThat(origin().requests().get(0).body()).isEqualTo("hello!");
    assertServed(0, "POST", 200);
    assertBodies(0, 6, 15);
  }

  @Test
  void blamesAnOrigin_thatCutsABodyShort() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(Unfinished.HALF);
              hold();
              connection.close();
            });
    RawHttp2 client = checks.client();
    client.get(1, "/a");
    client.await(1, RawStream::isAnswered);
    release();
    assertThat(client.awaitEnd(1).error()).as("not a whole response").isNotNull();
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.FAILED);
    assertBlame(
        0, Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, ProxyError.HTTP_RESPONSE_INCOMPLETE);
  }

  @Test
  void blamesAClient_thatClosesWithStreamsOpen() throws Exception {
    for (int i = 0; i < 2; i++) {
      origin().onRequest(Unfinished.silence());
    }
    RawClient socket = client();
    RawHttp2 client = RawHttp2.client(socket);
    client.get(1, "/1");
    client.get(3, "/3");
    origin().awaitRequests(2);
    socket.close();
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertThat(exchange(i).terminal()).as("%s", exchange(i)).isEqualTo(Terminal.FAILED);
      assertBlame(i, Side.DOWNSTREAM, ProxyError.CLIENT_ABORT);
      assertThat(attempt(i).terminal()).as("%s", attempt(i)).isEqualTo(Terminal.CANCELLED);
    }
  }
}
