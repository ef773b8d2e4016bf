package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordedAttempt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class WebSocketTest extends OriginFixture {
  private final HttpClient client = telemetry.wrap(HttpClient.newHttpClient());

  @Test
  void reportsAWebSocket_asAnAttemptThatOpensIt() throws Exception {
    origin.onAccept(
        connection -> {
          String key = connection.readHead().headers("sec-websocket-key").get(0);
          connection.send(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Accept: "
                  + accept(key)
                  + "\r\n\r\n");
          connection.awaitEnd();
        });
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .header("X-B", "1")
            .header("traceparent", "mine")
            .connectTimeout(TIMEOUT)
            .buildAsync(chat(), new WebSocket.Listener() {})
            .join();
    recorder.awaitIdle(TIMEOUT);
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.events())
        .containsExactly(
            "started", "inject", "requestStarted", "requestEnd", "responseStarted 101", "end");
    assertThat(attempt.protocolVersion()).isEqualTo("1.1");
    assertThat(origin.requests().get(0).headers("traceparent"))
        .containsExactly(attempt.traceparent());
    assertThat(origin.requests().get(0).headers("x-b")).containsExactly("1");
    socket.abort();
  }

  @Test
  void reportsAWebSocketThatIsRefused() {
    origin.onRequest(OriginScript.respond("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"));
    assertThatThrownBy(
            () ->
                client.newWebSocketBuilder().buildAsync(chat(), new WebSocket.Listener() {}).join())
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    recorder.awaitIdle(TIMEOUT);
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.status()).isEqualTo(404);
    assertThat(attempt.failure()).hasToString("UPSTREAM HTTP_UPGRADE_FAILED");
  }

  private URI chat() {
    return uri("ws", "/chat");
  }

  /** RFC 6455, section 4.2.2. */
  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
