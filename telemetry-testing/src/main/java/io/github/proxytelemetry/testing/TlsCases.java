package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TLS handshakes of clients: completed, failed, incomplete, and none at all. */
abstract class TlsCases extends AdapterCases {
  private static final Duration SOON = Duration.ofMillis(300);

  private @Nullable SSLContext made;

  TlsCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsTls() {
    needs(Capability.TLS);
    made = Keys.context();
  }

  private SSLContext keys() {
    return Objects.requireNonNull(made);
  }

  @Test
  void reportsAHandshake_andWhatCameAfterIt() throws Exception {
    origin().onRequest(OriginScript.respond(OK)).onRequest(OriginScript.respond(OK));
    RawClient client = client(settings().serverTls(keys()));
    client.startTls(keys(), Keys.LOCALHOST);
    exchange(client);
    exchange(client);
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertServed(i, "GET", 200);
      assertBodies(i, 0, 2);
    }
    assertHandshake(0);
  }

  @Test
  void reportsOneHandshake_whicheverNameIsAskedFor() throws Exception {
    RawClient client = client(settings().serverTls(keys()));
    for (String name : new String[] {Keys.ONE, Keys.TWO}) {
      origin().onRequest(OriginScript.respond(OK));
      SSLSession session = client.startTls(Keys.context(), name);
      X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
      assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + name);
      exchange(client);
      if (name.equals(Keys.ONE)) {
        client = anotherClient();
      }
    }
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertServed(i, "GET", 200);
      assertHandshake(i);
    }
  }

  @Test
  void reportsAHandshake_thatResumesASession() throws Exception {
    RawClient client = client(settings().serverTls(keys()));
    SSLContext remembers = Keys.context();
    for (int i = 0; i < 2; i++) {
      origin().onRequest(OriginScript.respond(OK));
      client.startTls(remembers, Keys.LOCALHOST);
      exchange(client);
      client.close();
      if (i == 0) {
        client = anotherClient();
      }
    }
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertServed(i, "GET", 200);
      assertHandshake(i);
    }
  }

  @Test
  void reportsNoError_forAClientThatOnlyConnects() throws Exception {
    RawClient client = client(settings().serverTls(keys()));
    recorder.awaitUntil(
        "a connection was reported",
        () -> !has(Capability.CONNECTIONS) || recorder.activeConnections() == 1,
        TIMEOUT);
    client.close();
    settle(0);
    if (has(Capability.CONNECTIONS)) {
      RecordedConnection scan = recorder.connections().get(0);
      assertThat(scan.terminal()).as("%s", scan).isEqualTo(Terminal.ENDED);
      assertThat(scan.established()).as("%s", scan).isFalse();
      assertThat(scan.bytesRead()).isZero();
    }
  }

  @Test
  void blamesAClient_thatSpeaksNoTls() throws Exception {
    RawClient client = client(settings().serverTls(keys()));
    client.send(GET);
    client.awaitEnd();
    settle(0);
    assertHandshakeFailed(ProxyError.TLS_PROTOCOL_ERROR);
  }

  @Test
  void blamesAClient_thatTrustsNoCertificateOfOurs() throws Exception {
    RawClient client = client(settings().serverTls(keys()));
    assertThatThrownBy(() -> client.startTls(SSLContext.getDefault(), Keys.LOCALHOST))
        .isInstanceOf(IOException.class);
    client.close();
    settle(0);
    assertThat(recorder.attempts()).isEmpty();
  }

  @Test
  void blamesAClient_thatStopsWithinTheHandshake() throws Exception {
    needs(Capability.TLS_HANDSHAKE_TIMEOUT);
    RawClient client = client(settings().serverTls(keys()).handshakeTimeout(SOON));
    // Header of a record and the first byte of a ClientHello (RFC 8446, section 5.1).
    client.send(new byte[] {22, 3, 1, 1, 0, 1});
    client.awaitEnd();
    settle(0);
    assertHandshakeFailed(ProxyError.CONNECTION_TIMEOUT, ProxyError.TLS_PROTOCOL_ERROR);
  }

  @Test
  void blamesAClient_thatLeavesWithinTheHandshake() throws Exception {
    RawClient client = client(settings().serverTls(keys()));
    client.send(new byte[] {22, 3, 1, 1, 0, 1});
    recorder.awaitUntil(
        "the handshake has begun",
        () ->
            !has(Capability.CONNECTIONS)
                || recorder.connections().stream()
                    .anyMatch(
                        recorded -> recorded.phases().contains(ConnectionPhase.TLS_HANDSHAKE)),
        TIMEOUT);
    client.reset();
    settle(0);
    assertHandshakeFailed(
        ProxyError.CLIENT_ABORT, ProxyError.CONNECTION_TERMINATED, ProxyError.TLS_PROTOCOL_ERROR);
  }

  @Test
  void changesNothing_whenTelemetryIsOff() throws Exception {
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client(ProxyTelemetry.noop(), settings().serverTls(keys()));
    client.startTls(keys(), Keys.LOCALHOST);
    exchange(client);
    assertThat(recorder.events()).isEmpty();
    assertThat(origin().requests().get(0).headers("traceparent")).isEmpty();
  }

  private void assertHandshake(int connection) {
    if (has(Capability.CONNECTIONS)) {
      RecordedConnection recorded = recorder.connections().get(connection);
      assertThat(recorded.phases())
          .as("%s", recorded)
          .containsExactly(ConnectionPhase.TLS_HANDSHAKE);
      assertThat(recorded.established()).as("%s", recorded).isTrue();
      assertThat(recorded.terminal()).as("%s", recorded).isEqualTo(Terminal.ENDED);
    }
  }

  private void assertHandshakeFailed(ProxyError... errors) {
    assertThat(recorder.attempts()).isEmpty();
    if (has(Capability.CONNECTIONS)) {
      RecordedConnection recorded = recorder.connections().get(0);
      assertThat(recorded.established()).as("%s", recorded).isFalse();
      assertThat(recorded.terminal()).as("%s", recorded).isEqualTo(Terminal.FAILED);
      assertFailure("failure of " + recorded, recorded.failure(), Side.DOWNSTREAM, errors);
    }
  }

  private static void exchange(RawClient client) throws Exception {
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("ok");
  }
}
