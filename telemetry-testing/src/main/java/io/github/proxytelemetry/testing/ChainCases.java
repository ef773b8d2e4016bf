package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections to the origin through another proxy and over TLS. */
abstract class ChainCases extends AdapterCases {
  private @Nullable ScriptedOrigin nextProxy;

  ChainCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void startNextProxy() throws Exception {
    nextProxy = ScriptedOrigin.start();
  }

  @AfterEach
  void stopNextProxy() throws Exception {
    nextProxy().close();
  }

  /** The next proxy connects to the origin as well. */
  @Override
  boolean dialsTheOrigin() {
    return false;
  }

  private ScriptedOrigin nextProxy() {
    return Objects.requireNonNull(nextProxy);
  }

  @Test
  void reportsTls_toTheOrigin() throws Exception {
    needs(Capability.UPSTREAM_TLS);
    SSLContext keys = Keys.context();
    origin().onAccept(connection -> serveTls(connection, keys));
    RawClient client = client(settings().upstreamTls(keys));
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 2);
    if (has(Capability.SOCKET_CONNECT)) {
      assertThat(dial().phases())
          .containsSubsequence(ConnectionPhase.SOCKET_CONNECT, ConnectionPhase.TLS_HANDSHAKE);
      assertThat(attempt(0).dials()).containsExactly(dial());
    } else {
      assertThat(dial().phases()).containsExactly(ConnectionPhase.TLS_HANDSHAKE);
    }
    assertThat(dial().established()).isTrue();
    assertThat(origin().requests().get(0).headers("traceparent"))
        .containsExactly(attempt(0).traceparent());
  }

  @Test
  void blamesAnOrigin_whoseTlsFails() throws Exception {
    needs(Capability.UPSTREAM_TLS);
    origin()
        .onAccept(
            connection -> {
              connection.readBytes(1);
              connection.send("this is no TLS, and long enough to be seen as such\r\n\r\n");
              connection.awaitEnd();
            });
    RawClient client = client(settings().upstreamTls(Keys.context()));
    client.send(GET);
    assertThat(client.readResponse().status()).isEqualTo(502);
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(502);
    assertUpstreamBlamed();
    List<RecordedConnection> dials = recorder.dials();
    if (has(Capability.EVERY_ATTEMPT)) {
      assertThat(dials).hasSize(1);
    }
    // A client library that retries may report the failure before it closes the connection.
    assertThat(dials).isNotEmpty().noneMatch(RecordedConnection::established);
    assertThat(dials.get(0).terminal()).isEqualTo(Terminal.FAILED);
    assertThat(origin().requests()).isEmpty();
  }

  @Test
  void distinguishesTheNextProxyAndTls() throws Exception {
    needs(Capability.PROXY_CHAINING);
    needs(Capability.UPSTREAM_TLS);
    SSLContext keys = Keys.context();
    origin().onAccept(connection -> serveTls(connection, keys));
    nextProxy()
        .onAccept(
            connection -> {
              RawMessage request = connection.readRequest();
              assertThat(request.startLine())
                  .startsWith("CONNECT localhost:" + origin().address().getPort() + " ");
              recorder.awaitUntil(
                  "the next proxy is asked",
                  () -> dial().phases().contains(ConnectionPhase.PROXY_CONNECT),
                  TIMEOUT);
              if (dial().phases().contains(ConnectionPhase.TLS_HANDSHAKE)) {
                throw new IOException("the TLS phase was reported before the tunnel was open");
              }
              connection.send("HTTP/1.1 200 OK\r\n\r\n");
              connection.relay(origin().address());
            });
    RawClient client =
        client(
            settings("localhost", origin().address().getPort())
                .nextProxy(nextProxy().address())
                .upstreamTls(keys));
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertServed(0, "GET", 200);
    assertBodies(0, 0, 2);
    assertThat(dial().phases())
        .containsSubsequence(
            ConnectionPhase.SOCKET_CONNECT,
            ConnectionPhase.PROXY_CONNECT,
            ConnectionPhase.TLS_HANDSHAKE);
    assertThat(dial().established()).isTrue();
    assertThat(recorder.tunnels()).as("the tunnel is the next proxy's, not ours").isEmpty();
    assertThat(origin().requests().get(0).headers("traceparent"))
        .containsExactly(attempt(0).traceparent());
  }

  @Test
  void blamesANextProxy_thatForbids() throws Exception {
    refused("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  }

  @Test
  void blamesANextProxy_thatWantsToKnowWhoAsks() throws Exception {
    refused(
        lines(
            "HTTP/1.1 407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"a\"",
            "Content-Length: 0",
            ""));
  }

  @Test
  void blamesANextProxy_thatCannotReachTheOrigin() throws Exception {
    refused("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
  }

  @Test
  void blamesANextProxy_thatIsNotThere() throws Exception {
    needs(Capability.PROXY_CHAINING);
    try (Socket taken = OriginFailureCases.boundOnly()) {
      InetSocketAddress unused = (InetSocketAddress) taken.getLocalSocketAddress();
      RawClient client = client(settings().nextProxy(unused));
      client.send(GET);
      assertThat(client.readResponse().status()).isEqualTo(502);
    }
    settle(1);
    assertUpstreamBlamed();
  }

  private void refused(String response) throws Exception {
    needs(Capability.PROXY_CHAINING);
    nextProxy()
        .onAccept(
            connection -> {
              connection.readRequest();
              connection.send(response);
              connection.awaitEnd();
            });
    RawClient client = client(settings().nextProxy(nextProxy().address()));
    client.send(GET);
    assertThat(client.readResponse().status()).isEqualTo(502);
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(502);
    assertUpstreamBlamed();
    assertThat(dial().phases()).contains(ConnectionPhase.PROXY_CONNECT);
    assertThat(dial().established()).isFalse();
    assertThat(origin().connections()).isZero();
  }

  private void assertUpstreamBlamed() {
    RecordedFailure blame = exchange(0).blame();
    if (blame == null) {
      throw new AssertionError("no error is recorded in " + exchange(0));
    }
    assertThat(blame.side()).isEqualTo(Side.UPSTREAM);
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.FAILED);
    assertThat(attempt(0).status()).as("%s", attempt(0)).isZero();
  }

  private RecordedConnection dial() {
    List<RecordedConnection> dials = recorder.dials();
    assertThat(dials).hasSize(1);
    return dials.get(0);
  }

  private static void serveTls(ScriptedOrigin.Connection connection, SSLContext keys)
      throws IOException {
    connection.startTls(keys, false, socket -> {});
    connection.readRequest();
    connection.send(OK);
    connection.awaitEnd();
  }
}
