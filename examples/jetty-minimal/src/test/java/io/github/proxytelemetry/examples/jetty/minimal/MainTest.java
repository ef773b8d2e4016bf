package io.github.proxytelemetry.examples.jetty.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void answers502_whenTheOriginSwitchesProtocols() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(
          connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
            connection.awaitEnd();
            closed.complete(null);
          });
      Server server = Main.start(recorder, 0, "127.0.0.1:" + origin.address().getPort());
      int status =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.getURI().resolve("/hello")).build(),
                  BodyHandlers.discarding())
              .statusCode();
      assertThat(status).isEqualTo(502);
      assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
      server.stop();
    }
    recorder.awaitIdle(Duration.ofSeconds(20));
    recorder.assertInvariants();
  }

  @Test
  void reportsAProxiedRequest() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    try (TestOrigin origin = TestOrigin.start()) {
      Server server = Main.start(recorder, 0, origin.authority());
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.getURI().resolve("/hello")).build(),
                  BodyHandlers.ofString());
      assertThat(response.body()).isEqualTo("hello");
      assertThat(response.headers().firstValue("Server-Timing")).isPresent();
      server.stop();
    }
    recorder.awaitIdle(Duration.ofSeconds(20));
    assertThat(recorder.exchanges()).hasSize(1);
    assertThat(recorder.exchanges().get(0).status()).isEqualTo(200);
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.attempts().get(0).exchange()).isSameAs(recorder.exchanges().get(0));
    recorder.assertInvariants();
  }
}
