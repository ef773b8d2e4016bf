package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS handshakes that do not complete: each ends without the help of the garbage collector. */
class BrokenHandshakeTest extends OriginFixture {
  private static final Duration SOON = Duration.ofMillis(300);
  // TLS 1.2 record with a fatal handshake_failure alert (RFC 8446, section 6).
  private static final byte[] FATAL_ALERT = {21, 3, 3, 0, 2, 2, 40};
  // Header and first byte of a record with a ServerHello.
  private static final byte[] HALF_A_RECORD = {22, 3, 3, 0, 90, 2};

  @Test
  void endsAHandshake_whoseConnectionCloses() throws Exception {
    assertBrokenOff(
        connection -> {
          readClientHello(connection);
          connection.close();
        });
  }

  @Test
  void endsAHandshake_whoseConnectionClosesWithinARecord() throws Exception {
    assertBrokenOff(
        connection -> {
          readClientHello(connection);
          connection.send(HALF_A_RECORD);
          connection.close();
        });
  }

  @Test
  void endsAHandshake_whoseConnectionIsReset() throws Exception {
    assertBrokenOff(
        connection -> {
          readClientHello(connection);
          connection.reset();
        });
  }

  @Test
  void endsAHandshake_thatIsRefusedWithAnAlert() throws Exception {
    RecordedConnection dial =
        assertBrokenOff(
            connection -> {
              readClientHello(connection);
              connection.send(FATAL_ALERT);
              connection.awaitEnd();
            });
    assertThat(dial.failure()).hasToString("UPSTREAM TLS_PROTOCOL_ERROR");
  }

  @Test
  void endsAHandshake_answeredWithoutTls() throws Exception {
    RecordedConnection dial =
        assertBrokenOff(
            connection -> {
              readClientHello(connection);
              connection.send("this is no TLS, and long enough to be detected\r\n\r\n");
              connection.awaitEnd();
            });
    assertThat(dial.failure()).hasToString("UPSTREAM TLS_PROTOCOL_ERROR");
  }

  @Test
  void endsAHandshake_whoseRequestTimesOut() {
    origin.onAccept(BrokenHandshakeTest::neverAnswer);
    HttpClient client = client(UnaryOperator.identity());
    assertThatThrownBy(() -> client.send(post().timeout(SOON).build(), BodyHandlers.discarding()))
        .isInstanceOf(HttpTimeoutException.class);
    assertOver();
  }

  @Test
  void endsAHandshake_thatTakesLongerThanAConnectionMay() {
    origin.onAccept(BrokenHandshakeTest::neverAnswer);
    HttpClient client = client(builder -> builder.connectTimeout(SOON));
    assertThatThrownBy(() -> client.send(post().build(), BodyHandlers.discarding()))
        .isInstanceOf(HttpTimeoutException.class);
    assertOver();
  }

  @Test
  void endsAHandshake_whoseRequestIsCancelled() throws Exception {
    origin.onAccept(BrokenHandshakeTest::neverAnswer);
    HttpClient client = client(UnaryOperator.identity());
    CompletableFuture<HttpResponse<Void>> future =
        client.sendAsync(post().build(), BodyHandlers.discarding());
    recorder.awaitUntil("a handshake", () -> recorder.activeDials() == 1, TIMEOUT);
    assertThat(future.cancel(true)).isTrue();
    assertOver();
  }

  @Test
  void keepsAHandshakeOpen_whileAnotherIsCancelled(@TempDir Path directory) throws Exception {
    SSLContext keys = TestKeys.in(directory);
    origin.onAccept(BrokenHandshakeTest::neverAnswer);
    try (SlowTlsOrigin slow = SlowTlsOrigin.start(keys)) {
      HttpClient client =
          telemetry.wrap(HttpClient.newBuilder().sslContext(telemetry.wrap(keys)).build());
      HttpRequest patient =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + slow.port() + "/"))
              .version(HttpClient.Version.HTTP_1_1)
              .build();
      CompletableFuture<HttpResponse<Void>> answer =
          client.sendAsync(patient, BodyHandlers.discarding());
      recorder.awaitUntil("a handshake", () -> recorder.activeDials() == 1, TIMEOUT);
      assertThatThrownBy(() -> client.send(post().timeout(SOON).build(), BodyHandlers.discarding()))
          .isInstanceOf(HttpTimeoutException.class);
      assertThat(recorder.dials()).hasSize(2);
      assertThat(recorder.dials().get(0).isOpen()).isTrue();
      slow.release();
      assertThat(answer.get().statusCode()).isEqualTo(200);
      recorder.awaitIdle(TIMEOUT);
      recorder.assertInvariants();
      assertThat(recorder.dials())
          .extracting(RecordedConnection::established)
          .containsExactly(true, false);
    }
  }

  private RecordedConnection assertBrokenOff(OriginScript script) throws Exception {
    // Some versions of the JDK retry a connection that breaks.
    origin.onAccept(script).onAccept(script);
    HttpClient client = client(UnaryOperator.identity());
    assertThatThrownBy(() -> client.send(post().build(), BodyHandlers.discarding()))
        .isInstanceOf(IOException.class);
    return assertOver();
  }

  private RecordedConnection assertOver() {
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    assertThat(recorder.attempts()).hasSize(1);
    RecordedConnection dial = recorder.dials().get(0);
    assertThat(dial.phases()).containsExactly(ConnectionPhase.TLS_HANDSHAKE);
    assertThat(dial.established()).isFalse();
    return dial;
  }

  /** Wrapped client with a wrapped TLS context without trusted certificates. */
  private HttpClient client(UnaryOperator<HttpClient.Builder> options) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, null, null);
      HttpClient.Builder builder = HttpClient.newBuilder().sslContext(telemetry.wrap(context));
      return telemetry.wrap(options.apply(builder).build());
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private HttpRequest.Builder post() {
    return HttpRequest.newBuilder(uri("https", "/")).POST(BodyPublishers.ofString("abc"));
  }

  private static void neverAnswer(ScriptedOrigin.Connection connection) throws IOException {
    connection.awaitEnd();
  }

  /** Reads one record: type, version, length, content (RFC 8446, section 5.1). */
  private static void readClientHello(ScriptedOrigin.Connection connection) throws IOException {
    byte[] head = connection.readBytes(5);
    connection.readBytes((head[3] & 0xff) << 8 | (head[4] & 0xff));
  }
}
