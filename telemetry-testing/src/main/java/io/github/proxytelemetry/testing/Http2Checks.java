package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;

/** Steps and assertions of cases with HTTP/2 clients. */
final class Http2Checks {
  private final AdapterCases cases;

  Http2Checks(AdapterCases cases) {
    this.cases = cases;
  }

  RawHttp2 client() throws Exception {
    return RawHttp2.client(cases.client());
  }

  void assertOneConnection(int exchanges) {
    if (cases.has(Capability.CONNECTIONS)) {
      assertThat(cases.recorder.connections()).hasSize(1);
      assertThat(cases.recorder.connections().get(0).exchanges()).hasSize(exchanges);
    }
  }

  static void assertOthersGoOn(RawHttp2 client) throws Exception {
    client.get(3, "/b");
    assertThat(client.awaitEnd(3).content()).isEqualTo("ok");
  }

  void assertAborted() {
    assertThat(cases.exchange(0).terminal()).as("%s", cases.exchange(0)).isEqualTo(Terminal.FAILED);
    assertThat(cases.exchange(0).responseEnded()).isFalse();
    // The client disconnects right after its reset, and the connection's end may be reported first.
    AdapterCases.assertFailure(
        "blame", cases.exchange(0).blame(), Side.DOWNSTREAM, ProxyError.CLIENT_ABORT);
    for (RecordedAttempt attempt : cases.exchange(0).attempts()) {
      RecordedFailure failure = attempt.failure();
      if (failure != null) {
        assertThat(failure.side()).as("blame of %s", attempt).isNotEqualTo(Side.UPSTREAM);
      }
    }
  }

  void assertTunnel(TunnelKind kind, long up, long down) {
    assertThat(cases.recorder.tunnels()).hasSize(1);
    RecordedTunnel tunnel = cases.recorder.tunnels().get(0);
    assertThat(cases.exchange(0).terminal())
        .as("%s", cases.exchange(0))
        .isEqualTo(Terminal.TUNNELLED);
    assertThat(cases.exchange(0).status()).isEqualTo(200);
    assertThat(tunnel.kind()).isEqualTo(kind);
    assertThat(tunnel.bytesToUpstream()).as("bytes to upstream").isEqualTo(up);
    assertThat(tunnel.bytesToDownstream()).as("bytes to downstream").isEqualTo(down);
    assertThat(tunnel.terminal()).as("%s", tunnel).isEqualTo(Terminal.ENDED);
  }
}
