package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @TempDir Path directory;
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final HttpClientTelemetry telemetry = HttpClientTelemetry.create(recorder);
  private SSLContext keys;
  private HttpsServer server;

  @BeforeEach
  void startServer() throws Exception {
    keys = TestKeys.in(directory);
    server =
        HttpsServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(keys));
    HttpContext context =
        server.createContext(
            "/",
            exchange -> {
              String suite = ((HttpsExchange) exchange).getSSLSession().getCipherSuite();
              exchange.getResponseHeaders().set("X-Suite", suite);
              exchange.sendResponseHeaders(200, -1);
              exchange.close();
            });
    HttpServerTelemetry.create(recorder).install(context);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void reportsAHandshake_andAnExchangeOverTls() throws Exception {
    HttpClient client =
        telemetry.wrap(HttpClient.newBuilder().sslContext(telemetry.wrap(keys)).build());
    for (int i = 0; i < 2; i++) {
      assertThat(client.send(request(), BodyHandlers.discarding()).headers().firstValue("x-suite"))
          .hasValueSatisfying(suite -> assertThat(suite).startsWith("TLS_"));
    }
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    assertThat(recorder.dials()).hasSize(1);
    RecordedConnection dial = recorder.dials().get(0);
    assertThat(dial.phases()).containsExactly(ConnectionPhase.TLS_HANDSHAKE);
    assertThat(dial.established()).isTrue();
    assertThat(dial.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(recorder.exchanges()).hasSize(2).allMatch(exchange -> exchange.status() == 200);
  }

  @Test
  void reportsAHandshakeThatFails() throws Exception {
    SSLContext trustsNobodyHere = SSLContext.getInstance("TLS");
    trustsNobodyHere.init(null, null, null);
    HttpClient client =
        telemetry.wrap(
            HttpClient.newBuilder().sslContext(telemetry.wrap(trustsNobodyHere)).build());
    assertThatThrownBy(() -> client.send(request(), BodyHandlers.discarding()))
        .isInstanceOf(SSLHandshakeException.class);
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    assertThat(recorder.dials().get(0).failure()).hasToString("UPSTREAM TLS_CERTIFICATE_ERROR");
    assertThat(recorder.attempts().get(0).failure()).hasToString("UPSTREAM TLS_CERTIFICATE_ERROR");
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + server.getAddress().getPort() + "/"))
        .build();
  }
}
