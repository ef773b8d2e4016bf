package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.ProxyError.CONNECTION_READ_TIMEOUT;
import static io.github.proxytelemetry.ProxyError.CONNECTION_REFUSED;
import static io.github.proxytelemetry.ProxyError.CONNECTION_TERMINATED;
import static io.github.proxytelemetry.ProxyError.CONNECTION_TIMEOUT;
import static io.github.proxytelemetry.ProxyError.DNS_ERROR;
import static io.github.proxytelemetry.ProxyError.HTTP_PROTOCOL_ERROR;
import static io.github.proxytelemetry.ProxyError.HTTP_RESPONSE_INCOMPLETE;
import static io.github.proxytelemetry.ProxyError.HTTP_RESPONSE_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Origins that refuse connections, disconnect, time out or send invalid HTTP. */
abstract class OriginFailureCases extends AdapterCases {
  private static final Duration SOON = Duration.ofMillis(300);
  private static final int MAX_BACKLOG = 20;

  // Not idempotent, so that no proxy retries it automatically (RFC 9110, section 9.2.2).
  private static final String POST =
      "POST /b HTTP/1.1\r\nHost: origin.test\r\nContent-Length: 3\r\n\r\nabc";

  OriginFailureCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @Test
  void blamesAnOrigin_thatRefusesConnections() throws Exception {
    try (Socket taken = boundOnly()) {
      RawClient client = client(settings("127.0.0.1", taken.getLocalPort()));
      assertLocalAnswer(client, 502, CONNECTION_REFUSED);
    }
  }

  @Test
  void blamesAnOrigin_whoseNameDoesNotResolve() throws Exception {
    needs(Capability.DNS_ERRORS);
    RawClient client = client(settings("origin.invalid", 80));
    assertLocalAnswer(client, 502, DNS_ERROR);
  }

  @Test
  void blamesAnOrigin_thatResetsBeforeItAnswers() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.reset();
            });
    assertLocalAnswer(client(), 502, CONNECTION_TERMINATED, HTTP_RESPONSE_INCOMPLETE);
  }

  @Test
  void blamesAnOrigin_thatAnswersNonsense() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send("this is not http\r\n\r\n");
              connection.close();
            });
    assertLocalAnswer(client(), 502, HTTP_PROTOCOL_ERROR);
  }

  @Test
  void blamesAnOrigin_thatIsSilent() throws Exception {
    origin().onRequest(Unfinished.silence());
    RawClient client = client(settings().upstreamTimeout(SOON));
    assertLocalAnswer(client, 504, CONNECTION_READ_TIMEOUT, HTTP_RESPONSE_TIMEOUT);
  }

  @Test
  void blamesAnOrigin_thatTakesTooLong() throws Exception {
    needs(Capability.TOTAL_TIMEOUT);
    origin().onRequest(Unfinished.silence());
    RawClient client = client(settings().totalTimeout(SOON));
    assertLocalAnswer(client, 504, CONNECTION_READ_TIMEOUT, HTTP_RESPONSE_TIMEOUT);
  }

  @Test
  void blamesAnOrigin_thatTakesTooLongToSendItAll() throws Exception {
    needs(Capability.TOTAL_TIMEOUT);
    needs(Capability.BODY_TIMEOUT);
    origin().onRequest(Unfinished.half());
    RawClient client = client(settings().totalTimeout(SOON));
    assertCutShort(client, CONNECTION_READ_TIMEOUT, HTTP_RESPONSE_TIMEOUT);
  }

  @Test
  void blamesAnOrigin_thatAcceptsNoConnection() throws Exception {
    needs(Capability.CONNECT_TIMEOUT);
    try (ServerSocket full = new ServerSocket(0, 1, ScriptedOrigin.loopback())) {
      List<Socket> queued = fill(full);
      try {
        RawClient client = client(settings("127.0.0.1", full.getLocalPort()).upstreamTimeout(SOON));
        assertLocalAnswer(client, 504, CONNECTION_TIMEOUT);
      } finally {
        for (Socket socket : queued) {
          socket.close();
        }
      }
    }
  }

  /** Fills the backlog of a listener that does not accept. */
  private static List<Socket> fill(ServerSocket full) throws IOException {
    List<Socket> queued = new ArrayList<>();
    while (queued.size() < MAX_BACKLOG) {
      Socket socket = new Socket();
      queued.add(socket);
      try {
        socket.connect(full.getLocalSocketAddress(), (int) SOON.toMillis());
      } catch (SocketTimeoutException isFull) {
        return queued;
      }
    }
    return Assumptions.abort("this system queues more connections than it was asked to");
  }

  @Test
  void blamesAnOrigin_thatCutsAHeadShort() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nContent-Len");
              connection.close();
            });
    assertLocalAnswer(
        client(), 502, HTTP_RESPONSE_INCOMPLETE, CONNECTION_TERMINATED, HTTP_PROTOCOL_ERROR);
  }

  @Test
  void blamesAnOrigin_thatResetsWhileItAnswers() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(Unfinished.HALF);
              hold();
              connection.reset();
            });
    assertCutShort();
  }

  @Test
  void blamesAnOrigin_thatCutsABodyShort() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(Unfinished.HALF);
              hold();
              connection.close();
            });
    assertCutShort();
  }

  @Test
  void blamesAnOrigin_thatCutsChunksShort() throws Exception {
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              connection.send("5\r\nhello\r\n");
              hold();
              connection.close();
            });
    assertCutShort();
  }

  private void assertLocalAnswer(RawClient client, int status, ProxyError... errors)
      throws Exception {
    client.send(POST);
    RawMessage response = client.readResponse("POST");
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers("server-timing"))
        .containsExactly(RecordingProxyTelemetry.SERVER_TIMING_VALUE);
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(status);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.ENDED);
    assertBlame(0, Side.UPSTREAM, errors);
    assertThat(attempt(0).status()).as("%s", attempt(0)).isZero();
    assertAttemptFailed(errors);
  }

  /** Asserts that the client receives the head and an incomplete body. */
  private void assertCutShort() throws Exception {
    assertCutShort(client(), CONNECTION_TERMINATED, HTTP_RESPONSE_INCOMPLETE);
  }

  private void assertCutShort(RawClient client, ProxyError... errors) throws Exception {
    client.send(POST);
    assertThat(client.readHead().status()).isEqualTo(200);
    release();
    client.awaitEnd();
    settle(1);
    RecordedExchange exchange = exchange(0);
    assertThat(exchange.status()).isEqualTo(200);
    assertThat(exchange.responseEnded()).isFalse();
    assertThat(exchange.responseBytes()).isLessThanOrEqualTo(5);
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.FAILED);
    assertBlame(0, Side.UPSTREAM, errors);
    assertThat(attempt(0).status()).isEqualTo(200);
    assertAttemptFailed(errors);
  }

  private void assertAttemptFailed(ProxyError... errors) {
    RecordedAttempt attempt = attempt(0);
    assertThat(attempt.terminal()).as("%s", attempt).isEqualTo(Terminal.FAILED);
    assertFailure("failure of " + attempt, attempt.failure(), Side.UPSTREAM, errors);
  }

  /** Returns a port that is reserved and has no listener. */
  static Socket boundOnly() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(ScriptedOrigin.loopback(), 0));
    return socket;
  }
}
