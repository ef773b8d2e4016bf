package io.github.proxytelemetry.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Frames and handshakes of RFC 6455, as far as an echo needs them. */
final class WebSocketClient {
  /** Clients have to mask; this mask leaves the text as it is. */
  private static final byte[] MASK = {0, 0, 0, 0};

  private WebSocketClient() {}

  /** Returns an origin's 101. */
  static String accept(RawMessage request) {
    String key = request.headers("sec-websocket-key").get(0);
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + sha1(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        + "\r\n\r\n";
  }

  static String handshake(String target, String host) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: "
        + host
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  static void sendText(RawClient client, String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    assertThat(payload.length).isLessThan(126);
    byte[] frame = new byte[6 + payload.length];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(MASK, 0, frame, 2, 4);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    client.send(frame);
  }

  static void sendClose(RawClient client) throws IOException {
    client.send(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8});
  }

  /** Reads one frame; returns its first byte and its payload. */
  static String readFrame(RawClient client) throws IOException {
    byte[] head = client.readBytes(2);
    int length = head[1] & 0x7f;
    if ((head[1] & 0x80) != 0) {
      client.readBytes(4);
    }
    return Integer.toHexString(head[0] & 0xff)
        + " "
        + new String(client.readBytes(length), StandardCharsets.ISO_8859_1);
  }

  /** Origin that sends each frame back, unmasked, until one closes. */
  static void echo(ScriptedOrigin.Connection connection) throws IOException {
    boolean open = true;
    while (open) {
      byte[] head = connection.readBytes(2);
      int length = head[1] & 0x7f;
      byte[] mask = connection.readBytes(4);
      byte[] payload = connection.readBytes(length);
      for (int i = 0; i < length; i++) {
        payload[i] ^= mask[i % 4];
      }
      open = (head[0] & 0x0f) != 8;
      connection.send(new byte[] {head[0], (byte) length});
      connection.send(payload);
    }
    connection.halfClose();
  }

  private static String sha1(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
