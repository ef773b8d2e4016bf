package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;

/** WebSocket opening handshake over HTTP/1.1, as in the examples of RFC 6455. */
final class WebSocketHandshake {
  // Key and accept value of the example in section 1.3.
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  static final String UPGRADE =
      AdapterCases.lines(
          "GET /chat HTTP/1.1",
          "Host: origin.test",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "");
  static final String SWITCHED =
      AdapterCases.lines(
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Accept: " + ACCEPT,
          "");

  private WebSocketHandshake() {}

  /** Returns the frame of "Hello", masked, of the example in section 5.7. */
  static byte[] clientFrame() {
    return HexFormat.of().parseHex("818537fa213d7f9f4d5158");
  }

  /** Returns the frame of "Hello", unmasked, of the example in section 5.7. */
  static byte[] serverFrame() {
    return HexFormat.of().parseHex("810548656c6c6f");
  }

  /** Asserts that the handshake's headers were forwarded, and no header of framing was added. */
  static void assertSwitched(RawMessage response) {
    assertThat(response.headers("connection"))
        .singleElement()
        .asString()
        .isEqualToIgnoringCase("upgrade");
    assertThat(response.headers("upgrade")).containsExactly("websocket");
    assertThat(response.headers("sec-websocket-accept")).containsExactly(ACCEPT);
    assertThat(response.headers("content-length")).isEmpty();
    assertThat(response.headers("transfer-encoding")).isEmpty();
  }
}
