package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import org.junit.jupiter.api.BeforeEach;

/** Base class of cases with HTTP/2 clients, and assertions on their connections. */
abstract class Http2Checks extends AdapterCases {
  Http2Checks(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsHttp2() {
    needs(Capability.HTTP2);
  }

  RawHttp2 http2() throws Exception {
    return RawHttp2.client(client());
  }

  void assertOneConnection(int exchanges) {
    if (has(Capability.CONNECTIONS)) {
      assertThat(recorder.connections()).hasSize(1);
      assertThat(recorder.connections().get(0).exchanges()).hasSize(exchanges);
    }
  }

  static void assertOthersGoOn(RawHttp2 client) throws Exception {
    client.get(3, "/b");
    assertThat(client.awaitEnd(3).content()).isEqualTo("ok");
  }

  void assertAborted() {
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.FAILED);
    assertThat(exchange(0).responseEnded()).isFalse();
    // The client disconnects right after its reset, and the connection's end may be reported first.
    assertFailure("blame", exchange(0).blame(), Side.DOWNSTREAM, ProxyError.CLIENT_ABORT);
    for (RecordedAttempt attempt : exchange(0).attempts()) {
      RecordedFailure failure = attempt.failure();
      if (failure != null) {
        assertThat(failure.side()).as("blame of %s", attempt).isNotEqualTo(Side.UPSTREAM);
      }
    }
  }

  void assertTunnel(TunnelKind kind, long up, long down) {
    assertThat(recorder.tunnels()).hasSize(1);
    RecordedTunnel tunnel = recorder.tunnels().get(0);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.TUNNELLED);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(tunnel.kind()).isEqualTo(kind);
    assertThat(tunnel.bytesToUpstream()).as("bytes to upstream").isEqualTo(up);
    assertThat(tunnel.bytesToDownstream()).as("bytes to downstream").isEqualTo(down);
    assertThat(tunnel.terminal()).as("%s", tunnel).isEqualTo(Terminal.ENDED);
  }
}
