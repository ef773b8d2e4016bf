package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** {@code CONNECT} and upgrades. */
abstract class TunnelCases extends AdapterCases {
  // The example of RFC 6455, section 5.7: "Hello", masked and not.
  private static final String CLIENT_FRAME = "818537fa213d7f9f4d5158";
  private static final String SERVER_FRAME = "810548656c6c6f";
  private static final HexFormat HEX = HexFormat.of();
  private static final Duration SOON = Duration.ofMillis(300);

  // The key and its answer are the example of RFC 6455, section 1.3.
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  private static final String UPGRADE =
      lines(
          "GET /chat HTTP/1.1",
          "Host: origin.test",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "");
  static final String SWITCHED =
      lines(
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Accept: " + ACCEPT,
          "");

  TunnelCases(ProxyAdapterContract contract) {
    super(contract);
  }

  @Test
  void countsBothWays_throughATunnel() throws Exception {
    needs(Capability.CONNECT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = client();
    client.send(connect(origin().address().getPort()));
    RawMessage response = client.readResponse("CONNECT");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers("server-timing")).as("of what is no response").isEmpty();
    byte[] payload = new byte[100_000];
    client.send(payload);
    assertThat(client.readBytes(payload.length)).isEqualTo(payload);
    settle(1);
    assertTunnel(TunnelKind.CONNECT, 200, payload.length, payload.length);
    assertThat(tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
  }

  @Test
  void countsEarlyData_ofATunnel() throws Exception {
    needs(Capability.CONNECT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = client();
    client.send(connect(origin().address().getPort()) + "hello");
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    assertThat(text(client.readBytes(5))).isEqualTo("hello");
    settle(1);
    assertTunnel(TunnelKind.CONNECT, 200, 5, 5);
  }

  @Test
  void tellsThatTheOriginClosed_aTunnel() throws Exception {
    needs(Capability.CONNECT);
    origin()
        .onAccept(
            connection -> {
              connection.readBytes(3);
              connection.send("bye!");
            });
    RawClient client = client();
    client.send(connect(origin().address().getPort()));
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    client.send("hey");
    assertThat(text(client.readToEnd())).isEqualTo("bye!");
    settle(1);
    assertTunnel(TunnelKind.CONNECT, 200, 3, 4);
    assertThat(tunnel().closedBy()).isEqualTo(Side.UPSTREAM);
  }

  @Test
  void countsBytesAfterHalfClose_ofATunnel() throws Exception {
    needs(Capability.CONNECT);
    needs(Capability.TUNNEL_HALF_CLOSE);
    origin()
        .onAccept(
            connection -> {
              connection.readToEnd();
              connection.send("late!");
            });
    RawClient client = client();
    client.send(connect(origin().address().getPort()));
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    client.send("hey");
    client.halfClose();
    assertThat(text(client.readToEnd())).isEqualTo("late!");
    settle(1);
    assertTunnel(TunnelKind.CONNECT, 200, 3, 5);
    assertThat(tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
  }

  @Test
  void blamesAClient_thatBreaksATunnelOff() throws Exception {
    needs(Capability.CONNECT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = client();
    client.send(connect(origin().address().getPort()));
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    client.send("hello");
    assertThat(text(client.readBytes(5))).isEqualTo("hello");
    awaitBytes(5, 5);
    client.reset();
    settle(1);
    assertBytes(5, 5);
    if (tunnel().failure() != null) {
      assertFailure(
          "failure of " + tunnel(),
          tunnel().failure(),
          Side.DOWNSTREAM,
          ProxyError.CLIENT_ABORT,
          ProxyError.CONNECTION_TERMINATED);
    }
  }

  @Test
  void endsATunnel_inWhichNothingMoves() throws Exception {
    needs(Capability.CONNECT);
    needs(Capability.TUNNEL_IDLE_TIMEOUT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = client(settings().tunnelIdleTimeout(SOON));
    client.send(connect(origin().address().getPort()));
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    client.send("hello");
    assertThat(text(client.readBytes(5))).isEqualTo("hello");
    client.awaitEnd();
    settle(1);
    assertBytes(5, 5);
    assertTimedOut();
  }

  @Test
  void endsATunnel_whoseOtherHalfLingers() throws Exception {
    needs(Capability.CONNECT);
    needs(Capability.TUNNEL_HALF_CLOSE);
    needs(Capability.TUNNEL_IDLE_TIMEOUT);
    origin()
        .onAccept(
            connection -> {
              connection.readToEnd();
              connection.send("late!");
              hold();
            });
    RawClient client = client(settings().tunnelIdleTimeout(SOON));
    client.send(connect(origin().address().getPort()));
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    client.send("hey");
    client.halfClose();
    assertThat(text(client.readBytes(5))).isEqualTo("late!");
    client.awaitEnd();
    settle(1);
    assertBytes(3, 5);
    assertTimedOut();
    assertThat(tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
  }

  @Test
  void tellsNoTunnel_whenTheDestinationHasNoAddress() throws Exception {
    needs(Capability.CONNECT);
    needs(Capability.DNS_ERRORS);
    RawClient client = client();
    client.send("CONNECT origin.invalid:443 HTTP/1.1\r\nHost: origin.invalid:443\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(502);
    settle(1);
    assertThat(recorder.tunnels()).isEmpty();
    assertThat(exchange(0).status()).isEqualTo(502);
    assertBlame(0, Side.UPSTREAM, ProxyError.DNS_ERROR);
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.FAILED);
  }

  @Test
  void tellsNoTunnel_whenTheDestinationRefuses() throws Exception {
    needs(Capability.CONNECT);
    RawClient client = client();
    try (Socket taken = OriginFailureCases.boundOnly()) {
      client.send(connect(taken.getLocalPort()));
      assertThat(client.readHead().status()).isEqualTo(502);
    }
    settle(1);
    assertThat(recorder.tunnels()).isEmpty();
    assertThat(exchange(0).method()).isEqualTo("CONNECT");
    assertThat(exchange(0).status()).isEqualTo(502);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.ENDED);
    assertBlame(0, Side.UPSTREAM, ProxyError.CONNECTION_REFUSED);
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.FAILED);
  }

  @Test
  void tellsATunnel_afterAnUpgrade() throws Exception {
    needs(Capability.UPGRADE);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(SWITCHED);
              connection.readBytes(11);
              connection.send(HEX.parseHex(SERVER_FRAME));
              connection.awaitEnd();
            });
    RawClient client = client();
    client.send(UPGRADE);
    RawMessage response = client.readResponse();
    assertThat(response.status()).isEqualTo(101);
    assertThat(response.headers("server-timing")).isEmpty();
    assertSwitched(response);
    client.send(HEX.parseHex(CLIENT_FRAME));
    assertThat(HEX.formatHex(client.readBytes(7))).isEqualTo(SERVER_FRAME);
    settle(1);
    assertTunnel(TunnelKind.WEBSOCKET, 101, 11, 7);
    assertThat(tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
    assertThat(attempt(0).status()).isEqualTo(101);
    assertThat(origin().requests().get(0).headers("traceparent"))
        .containsExactly(attempt(0).traceparent());
  }

  @Test
  void tellsNoTunnel_whenAnUpgradeIsRefused() throws Exception {
    needs(Capability.UPGRADE);
    origin().onRequest(OriginScript.respond(MessageCases.response(404, "no")));
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client();
    client.send(UPGRADE);
    assertThat(client.readResponse().status()).isEqualTo(404);
    client.send(GET);
    assertThat(client.readResponse().body()).as("the response after it").isEqualTo("ok");
    settle(2);
    assertThat(recorder.tunnels()).isEmpty();
    assertServed(0, "GET", 404);
    assertBodies(0, 0, 2);
    assertServed(1, "GET", 200);
  }

  @Test
  void tellsNoTunnel_whenAnUpgradeNeedsAnotherVersion() throws Exception {
    needs(Capability.UPGRADE);
    origin()
        .onRequest(
            OriginScript.respond(
                lines(
                    "HTTP/1.1 426 Upgrade Required",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Content-Length: 0",
                    "")));
    RawClient client = client();
    client.send(UPGRADE);
    assertThat(client.readResponse().status()).isEqualTo(426);
    settle(1);
    assertThat(recorder.tunnels()).isEmpty();
    assertServed(0, "GET", 426);
  }

  @Test
  void tellsHowItEnded_whenTheOriginBreaksAnUpgradeOff() throws Exception {
    needs(Capability.UPGRADE);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(SWITCHED);
              connection.readBytes(11);
              hold();
              connection.reset();
            });
    RawClient client = client();
    client.send(UPGRADE);
    assertThat(client.readResponse().status()).isEqualTo(101);
    client.send(HEX.parseHex(CLIENT_FRAME));
    awaitBytes(11, 0);
    release();
    client.awaitEnd();
    settle(1);
    assertBytes(11, 0);
    assertThat(tunnel().kind()).isEqualTo(TunnelKind.WEBSOCKET);
    RecordedFailure failure = tunnel().failure();
    Side culprit = failure == null ? tunnel().closedBy() : failure.side();
    assertThat(culprit).isEqualTo(Side.UPSTREAM);
  }

  /** What makes it a WebSocket comes through, and nothing that would make it something else. */
  private static void assertSwitched(RawMessage response) {
    assertThat(response.headers("connection"))
        .singleElement()
        .asString()
        .isEqualToIgnoringCase("upgrade");
    assertThat(response.headers("upgrade")).containsExactly("websocket");
    assertThat(response.headers("sec-websocket-accept")).containsExactly(ACCEPT);
    assertThat(response.headers("content-length")).isEmpty();
    assertThat(response.headers("transfer-encoding")).isEmpty();
  }

  /** It ends well, or by the proxy's decision; nobody else is to blame. */
  private void assertTimedOut() {
    RecordedFailure failure = tunnel().failure();
    if (failure != null) {
      assertThat(failure.side()).isEqualTo(Side.PROXY);
      assertThat(failure.error())
          .isIn(ProxyError.CONNECTION_TIMEOUT, ProxyError.CONNECTION_READ_TIMEOUT);
    }
  }

  /** What is told after it was passed on may come after the other side has it. */
  private void awaitBytes(long up, long down) {
    recorder.awaitUntil(
        up + " and " + down + " bytes were passed on",
        () ->
            recorder.tunnels().size() == 1
                && tunnel().bytesToUpstream() == up
                && tunnel().bytesToDownstream() == down,
        TIMEOUT);
  }

  private void assertBytes(long up, long down) {
    assertThat(recorder.tunnels()).hasSize(1);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.TUNNELLED);
    assertThat(exchange(0).blame()).as("%s", exchange(0)).isNull();
    assertRelayed(up, down);
  }

  /** What was told, and what the origin's socket saw beside the heads of an upgrade. */
  private void assertRelayed(long up, long down) {
    assertThat(tunnel().bytesToUpstream()).as("bytes to upstream").isEqualTo(up);
    assertThat(tunnel().bytesToDownstream()).as("bytes to downstream").isEqualTo(down);
    RawSocket seen = originConnections().get(0);
    boolean upgraded = tunnel().kind() != TunnelKind.CONNECT;
    long request = upgraded ? origin().requests().get(0).headLength() : 0;
    long response = upgraded ? SWITCHED.length() : 0;
    assertThat(seen.receivedOnWire()).as("received by the origin").isEqualTo(request + up);
    assertThat(seen.sentOnWire()).as("sent by the origin").isEqualTo(response + down);
  }

  private RecordedTunnel tunnel() {
    return recorder.tunnels().get(0);
  }

  private void assertTunnel(TunnelKind kind, int status, long up, long down) {
    RecordedExchange exchange = exchange(0);
    assertThat(recorder.tunnels()).hasSize(1);
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.TUNNELLED);
    assertThat(exchange.status()).isEqualTo(status);
    assertThat(exchange.blame()).as("%s", exchange).isNull();
    assertThat(exchange.tunnel()).isSameAs(tunnel());
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.ENDED);
    assertThat(tunnel().kind()).isEqualTo(kind);
    assertRelayed(up, down);
    assertThat(tunnel().terminal()).as("%s", tunnel()).isEqualTo(Terminal.ENDED);
  }

  private static String connect(int port) {
    return "CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(port, port);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
