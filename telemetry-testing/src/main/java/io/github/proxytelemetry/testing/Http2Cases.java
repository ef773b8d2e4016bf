package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http2.H2Error;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 connections of clients. */
abstract class Http2Cases extends AdapterCases {
  private static final int LARGE = 4 * 1024 * 1024;

  private final Http2Checks checks = new Http2Checks(this);

  Http2Cases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsHttp2() {
    needs(Capability.HTTP2);
  }

  @Test
  void reportsEveryStream_ofOneConnection() throws Exception {
    RawHttp2 client = checks.client();
    for (int stream = 1; stream <= 5; stream += 2) {
      origin().onRequest(OriginScript.respond(OK));
      client.get(stream, "/" + stream);
      assertThat(client.awaitEnd(stream).status()).isEqualTo(200);
      assertThat(client.stream(stream).content()).isEqualTo("ok");
      assertThat(client.stream(stream).header("server-timing"))
          .containsExactly(RecordingProxyTelemetry.SERVER_TIMING_VALUE);
    }
    settle(3);
    for (int i = 0; i < 3; i++) {
      assertServed(i, "GET", 200);
      assertBodies(i, 0, 2);
      assertThat(exchange(i).path()).isEqualTo("/" + (2 * i + 1));
      assertThat(origin().requests().get(i).headers("traceparent"))
          .containsExactly(attempt(i).traceparent());
    }
    checks.assertOneConnection(3);
  }

  @Test
  void reportsEarlyHints_andTheFinalStatus() throws Exception {
    needs(Capability.INTERIM_RESPONSES);
    origin()
        .onRequest(OriginScript.respond("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK));
    RawHttp2 client = checks.client();
    client.get(1, "/a");
    assertThat(client.awaitEnd(1).status()).isEqualTo(200);
    assertThat(client.stream(1).interim()).containsExactly(103);
    settle(1);
    assertServed(0, "GET", 200);
    assertThat(exchange(0).events())
        .containsSubsequence("informational 103", "responseStarted 200");
  }

  @Test
  void reportsNoBody_ofHead() throws Exception {
    origin().onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
    RawHttp2 client = checks.client();
    client.request(1, true, "HEAD", "/a");
    assertThat(client.awaitEnd(1).status()).isEqualTo(200);
    assertThat(client.stream(1).content()).isEmpty();
    settle(1);
    assertServed(0, "HEAD", 200);
    assertBodies(0, 0, 0);
  }

  @Test
  void blamesAClient_thatResetsBeforeTheHead() throws Exception {
    origin().onRequest(Unfinished.silence()).onRequest(OriginScript.respond(OK));
    RawHttp2 client = checks.client();
    client.get(1, "/a");
    origin().awaitRequests(1);
    client.reset(1, H2Error.CANCEL);
    Http2Checks.assertOthersGoOn(client);
    settle(2);
    assertThat(exchange(0).status()).isZero();
    checks.assertAborted();
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.CANCELLED);
  }

  @Test
  void blamesAClient_thatResetsAfterTheHead() throws Exception {
    origin().onRequest(Unfinished.half()).onRequest(OriginScript.respond(OK));
    RawHttp2 client = checks.client();
    client.get(1, "/a");
    client.await(1, stream -> stream.content().equals("hello"));
    client.reset(1, H2Error.CANCEL);
    Http2Checks.assertOthersGoOn(client);
    settle(2);
    assertThat(exchange(0).status()).isEqualTo(200);
    checks.assertAborted();
  }

  @Test
  void blamesAClient_thatResetsAFlowThatIsBlocked() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
              connection.send(new byte[LARGE]);
            });
    RawHttp2 client = checks.client();
    client.keepWindow();
    client.get(1, "/a");
    client.await(1, stream -> stream.content().length() == RawHttp2.WINDOW);
    client.reset(1, H2Error.CANCEL);
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).responseBytes()).isBetween((long) RawHttp2.WINDOW, (long) LARGE);
    checks.assertAborted();
  }

  @Test
  void reportsOneExchange_ofAnUpgradeToHttp2() throws Exception {
    needs(Capability.H2C_UPGRADE);
    origin().onRequest(OriginScript.respond(OK)).onRequest(OriginScript.respond(OK));
    RawClient socket = client();
    socket.send(
        lines(
            "GET /a HTTP/1.1",
            "Host: origin.test",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            ""));
    assertThat(socket.readHead().status()).isEqualTo(101);
    RawHttp2 client = RawHttp2.client(socket);
    assertThat(client.awaitEnd(1).status()).isEqualTo(200);
    assertThat(client.stream(1).content()).isEqualTo("ok");
    client.get(3, "/b");
    assertThat(client.awaitEnd(3).content()).isEqualTo("ok");
    recorder.awaitUntil(
        "two exchanges were served",
        () -> served().size() == 2 && recorder.activeExchanges() == 0,
        TIMEOUT);
    int count = recorder.exchanges().size();
    settle(count);
    assertThat(served()).extracting(RecordedExchange::path).containsExactly("/a", "/b");
    assertThat(recorder.exchanges())
        .allMatch(
            exchange ->
                exchange.terminal() == Terminal.ENDED || exchange.terminal() == Terminal.DISCARDED,
            "ended or discarded");
    assertThat(recorder.tunnels()).isEmpty();
    assertThat(origin().requests()).hasSize(2);
    if (has(Capability.CONNECTIONS)) {
      assertThat(recorder.connections()).hasSize(1);
    }
  }

  @Test
  void reportsStreams_ofAConnectionByAlpn() throws Exception {
    needs(Capability.TLS);
    origin().onRequest(OriginScript.respond(OK));
    RawClient socket = overTls("h2", "http/1.1");
    assertThat(socket.applicationProtocol()).isEqualTo("h2");
    RawHttp2 client = RawHttp2.client(socket);
    client.get(1, "/a");
    assertThat(client.awaitEnd(1).content()).isEqualTo("ok");
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 2);
    checks.assertOneConnection(1);
  }

  @Test
  void reportsHttp11_ofAConnectionByAlpn() throws Exception {
    needs(Capability.TLS);
    origin().onRequest(OriginScript.respond(OK));
    RawClient socket = overTls("http/1.1");
    socket.send(GET);
    assertThat(socket.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertServed(0, "GET", 200);
    checks.assertOneConnection(1);
  }

  @Test
  void countsBothWays_throughATunnelInAStream() throws Exception {
    needs(Capability.HTTP2_CONNECT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawHttp2 client = checks.client();
    client.headers(
        1, false, ":method", "CONNECT", ":authority", "127.0.0.1:" + origin().address().getPort());
    assertThat(client.await(1, RawStream::isAnswered).status()).isEqualTo(200);
    assertThat(client.stream(1).header("server-timing")).isEmpty();
    client.data(1, false, "hello");
    client.await(1, stream -> stream.content().equals("hello"));
    client.data(1, true, "bye");
    assertThat(client.awaitEnd(1).content()).isEqualTo("hellobye");
    settle(1);
    checks.assertTunnel(TunnelKind.CONNECT, 8, 8);
    assertThat(recorder.tunnels().get(0).closedBy()).isEqualTo(Side.DOWNSTREAM);
    checks.assertOneConnection(1);
  }

  @Test
  void reportsAWebSocket_inAStream() throws Exception {
    needs(Capability.EXTENDED_CONNECT);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(WebSocketHandshake.SWITCHED);
              connection.echo();
            });
    RawHttp2 client = checks.client();
    client.awaitSettings();
    client.request(
        1, false, "CONNECT", "/chat", ":protocol", "websocket", "sec-websocket-version", "13");
    assertThat(client.await(1, RawStream::isAnswered).status()).isEqualTo(200);
    client.data(1, false, "framed");
    client.await(1, stream -> stream.content().equals("framed"));
    client.data(1, true, "");
    client.awaitEnd(1);
    settle(1);
    checks.assertTunnel(TunnelKind.WEBSOCKET, 6, 6);
    checks.assertOneConnection(1);
    assertThat(origin().requests().get(0).headers("traceparent"))
        .containsExactly(attempt(0).traceparent());
  }

  @Test
  void blamesTheProxy_whenAHandlerThrows() throws Exception {
    needs(Capability.HANDLER_SCRIPTS);
    needs(Capability.HANDLER_ERROR_RESPONSE);
    RawHttp2 client = checks.client();
    client.get(
        1,
        "/a",
        HandlerScript.HEADER.toLowerCase(Locale.ROOT),
        HandlerScript.THROW_BEFORE_RESPONSE.name());
    assertThat(client.awaitEnd(1).status()).isEqualTo(500);
    settle(1);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.ENDED);
    assertBlame(0, Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, ProxyError.PROXY_INTERNAL_RESPONSE);
  }

  private RawClient overTls(String... protocols) throws Exception {
    SSLContext keys = Keys.context();
    RawClient client = client(settings().serverTls(keys));
    client.startTls(keys, Keys.LOCALHOST, protocols);
    return client;
  }

  private List<RecordedExchange> served() {
    return recorder.exchanges().stream()
        .filter(exchange -> exchange.terminal() == Terminal.ENDED)
        .filter(exchange -> exchange.status() == 200)
        .toList();
  }
}
