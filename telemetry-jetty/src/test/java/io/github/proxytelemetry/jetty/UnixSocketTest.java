package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.io.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upstream on a Unix-domain socket, which Jetty dials without a name lookup. */
class UnixSocketTest {
  private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir Path folder;

  @Test
  void reportsTheConnection() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    TelemetryHttpClient client = JettyTelemetry.create(recorder).install(new TelemetryHttpClient());
    Path path = folder.resolve("origin");
    try (ServerSocketChannel origin = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      origin.bind(UnixDomainSocketAddress.of(path));
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> answerOne(origin));
      client.start();
      ContentResponse response =
          client.newRequest("http://origin.test/").transport(new Transport.TCPUnix(path)).send();
      assertThat(response.getContentAsString()).isEqualTo("ok");
      served.get(10, TimeUnit.SECONDS);
    } finally {
      client.stop();
    }
    assertThat(recorder.attempts()).hasSize(1);
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.status()).isEqualTo(200);
    assertThat(attempt.responseEnded()).isTrue();
    assertThat(recorder.activeAttempts()).isZero();
    assertThat(attempt.repeatedTerminals()).isZero();
    assertThat(attempt.lateCalls()).isZero();
    assertThat(attempt.connectionReused()).isFalse();
    assertThat(attempt.dials()).hasSize(1);
    RecordedConnection connection = attempt.dials().get(0);
    assertThat(connection.phases()).containsExactly(ConnectionPhase.SOCKET_CONNECT);
    assertThat(connection.established()).isTrue();
    assertThat(connection.bytesRead()).isEqualTo(RESPONSE.length());
    assertThat(connection.terminal()).isEqualTo(Terminal.ENDED);
    recorder.assertInvariants();
  }

  private static void answerOne(ServerSocketChannel origin) {
    try (SocketChannel accepted = origin.accept();
        BufferedReader request =
            new BufferedReader(Channels.newReader(accepted, StandardCharsets.US_ASCII))) {
      String line = request.readLine();
      while (line != null && !line.isEmpty()) {
        line = request.readLine();
      }
      ByteBuffer response = StandardCharsets.US_ASCII.encode(RESPONSE);
      while (response.hasRemaining()) {
        accepted.write(response);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
