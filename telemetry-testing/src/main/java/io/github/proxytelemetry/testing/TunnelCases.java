package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tunnels: {@code CONNECT} and upgrades. */
abstract class TunnelCases extends AdapterCases {
  private static final Duration SOON = Duration.ofMillis(300);

  private final TunnelChecks checks = new TunnelChecks(this);

  TunnelCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @Test
  void countsBothWays_throughATunnel() throws Exception {
    needs(Capability.CONNECT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = client();
    client.send(TunnelChecks.connect(origin().address().getPort()));
    RawMessage response = client.readResponse("CONNECT");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers("server-timing")).as("of what is no response").isEmpty();
    byte[] payload = new byte[100_000];
    client.send(payload);
    assertThat(client.readBytes(payload.length)).isEqualTo(payload);
    settle(1);
    checks.assertTunnel(TunnelKind.CONNECT, 200, payload.length, payload.length);
    assertThat(checks.tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
  }

  @Test
  void countsEarlyData_ofATunnel() throws Exception {
    needs(Capability.CONNECT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = client();
    client.send(TunnelChecks.connect(origin().address().getPort()) + "hello");
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    assertThat(TunnelChecks.text(client.readBytes(5))).isEqualTo("hello");
    settle(1);
    checks.assertTunnel(TunnelKind.CONNECT, 200, 5, 5);
  }

  @Test
  void reportsThatTheOriginClosed_aTunnel() throws Exception {
    needs(Capability.CONNECT);
    origin()
        .onAccept(
            connection -> {
              connection.readBytes(3);
              connection.send("bye!");
            });
    RawClient client = checks.open(client());
    client.send("hey");
    assertThat(TunnelChecks.text(client.readToEnd())).isEqualTo("bye!");
    settle(1);
    checks.assertTunnel(TunnelKind.CONNECT, 200, 3, 4);
    assertThat(checks.tunnel().closedBy()).isEqualTo(Side.UPSTREAM);
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
    RawClient client = checks.open(client());
    client.send("hey");
    client.halfClose();
    assertThat(TunnelChecks.text(client.readToEnd())).isEqualTo("late!");
    settle(1);
    checks.assertTunnel(TunnelKind.CONNECT, 200, 3, 5);
    assertThat(checks.tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
  }

  @Test
  void blamesAClient_thatBreaksATunnelOff() throws Exception {
    needs(Capability.CONNECT);
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = checks.open(client());
    TunnelChecks.assertEchoes(client);
    checks.awaitBytes(5, 5);
    client.reset();
    settle(1);
    checks.assertBytes(5, 5);
    if (checks.tunnel().failure() != null) {
      assertFailure(
          "failure of " + checks.tunnel(),
          checks.tunnel().failure(),
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
    RawClient client = checks.open(client(settings().tunnelIdleTimeout(SOON)));
    TunnelChecks.assertEchoes(client);
    client.awaitEnd();
    settle(1);
    checks.assertBytes(5, 5);
    checks.assertTimedOut();
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
    RawClient client = checks.open(client(settings().tunnelIdleTimeout(SOON)));
    client.send("hey");
    client.halfClose();
    assertThat(TunnelChecks.text(client.readBytes(5))).isEqualTo("late!");
    client.awaitEnd();
    settle(1);
    checks.assertBytes(3, 5);
    checks.assertTimedOut();
    assertThat(checks.tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
  }

  @Test
  void reportsNoTunnel_whenTheDestinationHasNoAddress() throws Exception {
    needs(Capability.CONNECT);
    needs(Capability.DNS_ERRORS);
    RawClient client = client();
    client.send("CONNECT origin.invalid:443 HTTP/1.1\r\nHost: origin.invalid:443\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(502);
    checks.assertNotOpened(ProxyError.DNS_ERROR);
  }

  @Test
  void reportsNoTunnel_whenTheDestinationRefuses() throws Exception {
    needs(Capability.CONNECT);
    RawClient client = client();
    try (Socket taken = OriginFailureCases.boundOnly()) {
      client.send(TunnelChecks.connect(taken.getLocalPort()));
      assertThat(client.readHead().status()).isEqualTo(502);
    }
    checks.assertNotOpened(ProxyError.CONNECTION_REFUSED);
  }

  @Test
  void reportsATunnel_afterAnUpgrade() throws Exception {
    needs(Capability.UPGRADE);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(WebSocketHandshake.SWITCHED);
              connection.readBytes(11);
              connection.send(WebSocketHandshake.serverFrame());
              connection.awaitEnd();
            });
    RawClient client = client();
    client.send(WebSocketHandshake.UPGRADE);
    RawMessage response = client.readResponse();
    assertThat(response.status()).isEqualTo(101);
    assertThat(response.headers("server-timing")).isEmpty();
    WebSocketHandshake.assertSwitched(response);
    client.send(WebSocketHandshake.clientFrame());
    assertThat(client.readBytes(7)).isEqualTo(WebSocketHandshake.serverFrame());
    settle(1);
    checks.assertTunnel(TunnelKind.WEBSOCKET, 101, 11, 7);
    assertThat(checks.tunnel().closedBy()).isEqualTo(Side.DOWNSTREAM);
    assertThat(attempt(0).status()).isEqualTo(101);
    assertThat(origin().requests().get(0).headers("traceparent"))
        .containsExactly(attempt(0).traceparent());
  }

  @Test
  void reportsNoTunnel_whenAnUpgradeIsRefused() throws Exception {
    needs(Capability.UPGRADE);
    origin().onRequest(OriginScript.respond(MessageCases.response(404, "no")));
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = checks.askForAWebSocket(404);
    client.send(GET);
    assertThat(client.readResponse().body()).as("the response after it").isEqualTo("ok");
    settle(2);
    assertThat(recorder.tunnels()).isEmpty();
    assertServed(0, "GET", 404);
    assertBodies(0, 0, 2);
    assertServed(1, "GET", 200);
  }

  @Test
  void reportsNoTunnel_whenAnUpgradeNeedsAnotherVersion() throws Exception {
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
    checks.askForAWebSocket(426);
    settle(1);
    assertThat(recorder.tunnels()).isEmpty();
    assertServed(0, "GET", 426);
  }

  @Test
  void reportsTheEnd_whenTheOriginBreaksAnUpgradeOff() throws Exception {
    needs(Capability.UPGRADE);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(WebSocketHandshake.SWITCHED);
              connection.readBytes(11);
              hold();
              connection.reset();
            });
    RawClient client = checks.askForAWebSocket(101);
    client.send(WebSocketHandshake.clientFrame());
    checks.awaitBytes(11, 0);
    release();
    client.awaitEnd();
    settle(1);
    checks.assertBytes(11, 0);
    assertThat(checks.tunnel().kind()).isEqualTo(TunnelKind.WEBSOCKET);
    RecordedFailure failure = checks.tunnel().failure();
    Side culprit = failure == null ? checks.tunnel().closedBy() : failure.side();
    assertThat(culprit).isEqualTo(Side.UPSTREAM);
  }
}
