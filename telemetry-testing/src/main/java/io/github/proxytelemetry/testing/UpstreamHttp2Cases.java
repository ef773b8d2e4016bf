package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import org.apache.hc.core5.http2.H2Error;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 connections to the origin, and streams that it refuses. */
abstract class UpstreamHttp2Cases extends AdapterCases {
  // More than any host retries, visibly or not.
  private static final int MAX_REPEATS = 10;
  private static final String[] OK_HEAD = {":status", "200", "content-length", "2"};

  private final Http2Origin http2 = new Http2Origin(this);

  UpstreamHttp2Cases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsUpstreamHttp2() {
    needs(Capability.UPSTREAM_HTTP2);
  }

  @Test
  void reportsAttempts_ofOneConnection() throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = serve(connection);
              for (int stream = firstStream(server, 1); stream > 0; stream = next(server, stream)) {
                answer(server, stream);
              }
            });
    RawClient client = client(http2());
    for (int i = 0; i < 2; i++) {
      client.send(GET);
      assertThat(client.readResponse().body()).isEqualTo("ok");
    }
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertServed(i, "GET", 200);
      assertBodies(i, 0, 2);
      assertUpstreamVersion(i, "2");
    }
    assertThat(origin().connections()).isOne();
    if (has(Capability.UPSTREAM_REUSE)) {
      assertThat(attempt(1).connectionReused()).isTrue();
    }
  }

  @Test
  void blamesAnOrigin_thatRefusesAStream() throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = serve(connection);
              for (int stream = firstStream(server, 1); stream > 0; stream = next(server, stream)) {
                server.reset(stream, H2Error.REFUSED_STREAM);
              }
            });
    assertRefused();
  }

  @Test
  void blamesAnOrigin_thatGoesAway() throws Exception {
    for (int i = 0; i < MAX_REPEATS; i++) {
      origin()
          .onAccept(
              connection -> {
                RawHttp2 server = serve(connection);
                firstStream(server, 1);
                server.goAway(0, H2Error.NO_ERROR);
                server.awaitClose();
              });
    }
    assertRefused();
  }

  @Test
  void answersWithAnotherAttempt_whenAStreamIsRefused() throws Exception {
    needs(Capability.RETRIES);
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = serve(connection);
              int refused = firstStream(server, 1);
              server.reset(refused, refusal());
              answer(server, firstStream(server, refused + 2));
              server.awaitClose();
            })
        // A proxy may use another connection for it.
        .onAccept(
            connection -> {
              RawHttp2 server = serve(connection);
              answer(server, firstStream(server, 1));
              server.awaitClose();
            });
    RawClient client = client(http2().retries(1));
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
    needs(Capability.GRACEFUL_GOAWAY);
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = serve(connection);
              int stream = firstStream(server, 1);
              server.goAway(stream, H2Error.NO_ERROR);
              answer(server, stream);
              server.awaitClose();
            });
    RawClient client = client(http2());
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
              RawHttp2 server = serve(connection);
              int stream = firstStream(server, 1);
              server.headers(stream, false, ":status", "200", "content-length", "10");
              server.data(stream, false, "hello");
              hold();
              server.reset(stream, H2Error.INTERNAL_ERROR);
              server.awaitClose();
            });
    RawClient client = client(http2());
    client.send(GET);
    assertThat(client.readHead().status()).isEqualTo(200);
    release();
    client.awaitEnd();
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.FAILED);
    assertUpstreamBlamed();
  }

  /**
   * Returns the error to refuse a stream with: one that a host with hidden retries reports, too.
   */
  private H2Error refusal() {
    return has(Capability.EVERY_ATTEMPT) ? H2Error.REFUSED_STREAM : H2Error.INTERNAL_ERROR;
  }

  private void assertRefused() throws Exception {
    RawClient client = client(http2());
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

  private ProxySettings http2() {
    return http2.settings();
  }

  private RawHttp2 serve(ScriptedOrigin.Connection connection) throws IOException {
    return http2.serve(connection);
  }

  /** Returns the first stream from this ID on with a complete request; IDs may be skipped. */
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
