package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.nio.charset.StandardCharsets;

/** Steps and assertions of cases with a tunnel to the origin. */
final class TunnelChecks {
  private final AdapterCases cases;

  TunnelChecks(AdapterCases cases) {
    this.cases = cases;
  }

  /** Opens a tunnel to the origin. */
  RawClient open(RawClient client) throws Exception {
    client.send(connect(cases.origin().address().getPort()));
    assertThat(client.readResponse("CONNECT").status()).isEqualTo(200);
    return client;
  }

  /** Requests a WebSocket, which the origin may refuse. */
  RawClient askForAWebSocket(int status) throws Exception {
    RawClient client = cases.client();
    client.send(WebSocketHandshake.UPGRADE);
    assertThat(client.readResponse().status()).isEqualTo(status);
    return client;
  }

  static String connect(int port) {
    return "CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(port, port);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  RecordedTunnel tunnel() {
    return cases.recorder.tunnels().get(0);
  }

  static void assertEchoes(RawClient client) throws Exception {
    client.send("hello");
    assertThat(text(client.readBytes(5))).isEqualTo("hello");
  }

  /** Waits for byte counts, which may be reported after the peer has received the bytes. */
  void awaitBytes(long up, long down) {
    cases.recorder.awaitUntil(
        up + " and " + down + " bytes were relayed",
        () ->
            cases.recorder.tunnels().size() == 1
                && tunnel().bytesToUpstream() == up
                && tunnel().bytesToDownstream() == down,
        AdapterCases.TIMEOUT);
  }

  /** Asserts that the proxy responded with an error, as its connection to the origin failed. */
  void assertNotOpened(ProxyError why) throws Exception {
    cases.settle(1);
    assertThat(cases.recorder.tunnels()).isEmpty();
    assertThat(cases.exchange(0).method()).isEqualTo("CONNECT");
    assertThat(cases.exchange(0).status()).isEqualTo(502);
    assertThat(cases.exchange(0).terminal()).as("%s", cases.exchange(0)).isEqualTo(Terminal.ENDED);
    cases.assertBlame(0, Side.UPSTREAM, why);
    assertThat(cases.attempt(0).terminal()).as("%s", cases.attempt(0)).isEqualTo(Terminal.FAILED);
  }

  /** Asserts that the tunnel was opened and ended without an error. */
  void assertTunnel(TunnelKind kind, int status, long up, long down) {
    assertBytes(up, down);
    assertThat(cases.exchange(0).status()).isEqualTo(status);
    assertThat(cases.exchange(0).tunnel()).isSameAs(tunnel());
    assertThat(cases.attempt(0).terminal()).as("%s", cases.attempt(0)).isEqualTo(Terminal.ENDED);
    assertThat(tunnel().kind()).isEqualTo(kind);
    assertThat(tunnel().terminal()).as("%s", tunnel()).isEqualTo(Terminal.ENDED);
  }

  /** Asserts the recorded bytes, and those at the origin's socket less the heads of an upgrade. */
  void assertBytes(long up, long down) {
    assertThat(cases.recorder.tunnels()).hasSize(1);
    assertThat(cases.exchange(0).terminal())
        .as("%s", cases.exchange(0))
        .isEqualTo(Terminal.TUNNELLED);
    assertThat(cases.exchange(0).blame()).as("%s", cases.exchange(0)).isNull();
    assertThat(tunnel().bytesToUpstream()).as("bytes to upstream").isEqualTo(up);
    assertThat(tunnel().bytesToDownstream()).as("bytes to downstream").isEqualTo(down);
    RawSocket seen = cases.originConnections().get(0);
    boolean upgraded = tunnel().kind() != TunnelKind.CONNECT;
    long request = upgraded ? cases.origin().requests().get(0).headLength() : 0;
    long response = upgraded ? WebSocketHandshake.SWITCHED.length() : 0;
    assertThat(seen.receivedOnWire()).as("received by the origin").isEqualTo(request + up);
    assertThat(seen.sentOnWire()).as("sent by the origin").isEqualTo(response + down);
  }

  /** Asserts that the tunnel ended without an error, or with one of the proxy. */
  void assertTimedOut() {
    RecordedFailure failure = tunnel().failure();
    if (failure != null) {
      assertThat(failure.side()).isEqualTo(Side.PROXY);
      assertThat(failure.error())
          .isIn(ProxyError.CONNECTION_TIMEOUT, ProxyError.CONNECTION_READ_TIMEOUT);
    }
  }
}
