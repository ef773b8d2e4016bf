package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.hc.core5.http2.H2Error;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two ends of an HTTP/2 connection with each other. */
class RawHttp2Test {
  private ScriptedOrigin origin;

  @BeforeEach
  void start() throws IOException {
    origin = ScriptedOrigin.start();
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
  }

  @Test
  void carriesRequestsAndResponses() throws Exception {
    origin.onAccept(
        connection -> {
          RawHttp2 server = RawHttp2.server(connection);
          int stream = server.awaitRequest(1);
          String content = server.stream(stream).content();
          server.headers(stream, false, ":status", "103", "link", "</a.css>");
          server.headers(stream, false, ":status", "200", "x-said", content);
          server.data(stream, false, "some");
          server.data(stream, false, "more");
          server.headers(stream, true, "x-sum", "8");
          server.awaitClose();
        });
    try (RawClient socket = RawClient.connect(origin.address())) {
      RawHttp2 client = RawHttp2.client(socket);
      client.headers(
          1, false, ":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/");
      client.data(1, true, "hello");
      RawStream stream = client.awaitEnd(1);
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.interim()).containsExactly(103);
      assertThat(stream.header("x-said")).containsExactly("hello");
      assertThat(stream.content()).isEqualTo("somemore");
      assertThat(stream.trailer("x-sum")).containsExactly("8");
      assertThat(stream.error()).isNull();
    }
  }

  @Test
  void reportsARefusedStream_andTheOneThatIsServed() throws Exception {
    origin.onAccept(
        connection -> {
          RawHttp2 server = RawHttp2.server(connection);
          server.reset(server.awaitRequest(1), H2Error.REFUSED_STREAM);
          server.goAway(3, H2Error.NO_ERROR);
          server.headers(server.awaitRequest(3), true, ":status", "204");
          server.awaitClose();
        });
    try (RawClient socket = RawClient.connect(origin.address())) {
      RawHttp2 client = RawHttp2.client(socket);
      client.get(1, "/1");
      assertThat(client.awaitEnd(1).error()).isEqualTo(H2Error.REFUSED_STREAM);
      client.get(3, "/3");
      assertThat(client.awaitEnd(3).status()).isEqualTo(204);
      assertThat(client.goneAway()).isEqualTo(3);
    }
  }

  @Test
  void givesNoWindowBack_whenItKeepsIt() throws Exception {
    origin.onAccept(
        connection -> {
          RawHttp2 server = RawHttp2.server(connection);
          int stream = server.awaitRequest(1);
          server.headers(stream, false, ":status", "200");
          for (int sent = 0; sent < RawHttp2.WINDOW; sent += 13_107) {
            server.data(stream, false, new byte[13_107]);
          }
          // The peer resets the stream; a WINDOW_UPDATE would have arrived before.
          server.awaitEnd(stream);
          server.awaitClose();
        });
    try (RawClient socket = RawClient.connect(origin.address())) {
      RawHttp2 client = RawHttp2.client(socket);
      client.keepWindow();
      client.get(1, "/");
      client.await(1, stream -> stream.content().length() == RawHttp2.WINDOW);
      long sent = socket.sent();
      client.reset(1, H2Error.CANCEL);
      assertThat(socket.sent() - sent).as("nothing but the reset").isEqualTo(13);
    }
  }
}
