package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import org.apache.hc.core5.http2.H2Error;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An origin that speaks HTTP/2, and what it refuses. */
abstract class UpstreamHttp2Cases extends AdapterCases {
  private static final String[] OK_HEAD = {":status", "200", "content-length", "2"};

  UpstreamHttp2Cases(ProxyAdapterContract contract) {
    super(contract);
  }

  @BeforeEach
  void needsUpstreamHttp2() {
    needs(Capability.UPSTREAM_HTTP2);
  }

  @Test
  void tellsAttempts_ofOneConnection() throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = RawHttp2.server(connection);
              for (int stream = firstStream(server, 1); stream > 0; stream = next(server, stream)) {
                answer(server, stream);
              }
            });
    RawClient client = client(settings().withUpstreamHttp2());
    for (int i = 0; i < 2; i++) {
      client.send(GET);
      assertThat(client.readResponse().body()).isEqualTo("ok");
    }
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertServed(i, "GET", 200);
      assertBodies(i, 0, 2);
    }
    assertThat(origin().connections()).isOne();
    assertThat(attempt(1).connectionReused()).isTrue();
  }

  @Test
  void blamesAnOrigin_thatRefusesAStream() throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = RawHttp2.server(connection);
              server.reset(firstStream(server, 1), H2Error.REFUSED_STREAM);
              server.awaitClose();
            });
    assertRefused();
  }

  @Test
  void blamesAnOrigin_thatGoesAway() throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = RawHttp2.server(connection);
              firstStream(server, 1);
              server.goAway(0, H2Error.NO_ERROR);
              server.awaitClose();
            });
    assertRefused();
  }

  @Test
  void answersWithAnotherAttempt_whenAStreamIsRefused() throws Exception {
    needs(Capability.RETRIES);
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = RawHttp2.server(connection);
              int refused = firstStream(server, 1);
              server.reset(refused, H2Error.REFUSED_STREAM);
              answer(server, firstStream(server, refused + 2));
              server.awaitClose();
            })
        // A proxy may as well take another connection for it.
        .onAccept(
            connection -> {
              RawHttp2 server = RawHttp2.server(connection);
              answer(server, firstStream(server, 1));
              server.awaitClose();
            });
    RawClient client = client(settings().withUpstreamHttp2().retries(1));
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.ENDED);
    assertThat(exchange(0).attempts())
        .extracting(RecordedAttempt::terminal)
        .containsExactly(Terminal.FAILED, Terminal.ENDED);
    assertThat(exchange(0).attempts())
        .extracting(RecordedAttempt::traceparent)
        .doesNotHaveDuplicates();
  }

  @Test
  void leavesAloneWhatIsServedStill_whenTheOriginGoesAway() throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = RawHttp2.server(connection);
              int stream = firstStream(server, 1);
              server.goAway(stream, H2Error.NO_ERROR);
              answer(server, stream);
              server.awaitClose();
            });
    RawClient client = client(settings().withUpstreamHttp2());
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 2);
  }

  @Test
  void blamesAnOrigin_thatResetsAStreamAfterItsHead() throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = RawHttp2.server(connection);
              int stream = firstStream(server, 1);
              server.headers(stream, false, ":status", "200", "content-length", "10");
              server.data(stream, false, "hello");
              hold();
              server.reset(stream, H2Error.INTERNAL_ERROR);
              server.awaitClose();
            });
    RawClient client = client(settings().withUpstreamHttp2());
    client.send(GET);
    assertThat(client.readHead().status()).isEqualTo(200);
    release();
    client.awaitEnd();
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.FAILED);
    assertUpstreamBlamed();
  }

  private void assertRefused() throws Exception {
    RawClient client = client(settings().withUpstreamHttp2());
    client.send(GET);
    assertThat(client.readResponse().status()).isIn(502, 503);
    settle(1);
    assertThat(attempt(0).status()).isZero();
    assertUpstreamBlamed();
  }

  private void assertUpstreamBlamed() {
    assertBlame(
        0,
        Side.UPSTREAM,
        ProxyError.CONNECTION_TERMINATED,
        ProxyError.HTTP_RESPONSE_INCOMPLETE,
        ProxyError.HTTP_PROTOCOL_ERROR,
        ProxyError.CONNECTION_LIMIT_REACHED,
        ProxyError.DESTINATION_UNAVAILABLE);
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.FAILED);
  }

  /** The first stream from this one on that has a whole request; HTTP/2 may skip some. */
  private static int firstStream(RawHttp2 server, int from) throws IOException {
    return server.awaitRequest(from);
  }

  private static int next(RawHttp2 server, int after) throws IOException {
    try {
      return server.awaitRequest(after + 2);
    } catch (IOException gone) {
      return 0;
    }
  }

  private static void answer(RawHttp2 server, int stream) throws IOException {
    server.headers(stream, false, OK_HEAD);
    server.data(stream, true, "ok");
  }
}
