package io.github.proxytelemetry.examples.httpclient.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MainTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();

  @Test
  void reportsAProxiedRequest() throws Exception {
    try (TestOrigin origin = TestOrigin.start()) {
      HttpResponse<String> response = get(origin.authority());
      assertThat(response.body()).isEqualTo("hello");
      assertThat(response.headers().firstValue("Server-Timing")).isPresent();
    }
    assertThat(recorder.exchanges()).hasSize(1);
    assertThat(recorder.exchanges().get(0).status()).isEqualTo(200);
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.attempts().get(0).exchange()).isSameAs(recorder.exchanges().get(0));
  }

  @Test
  void reportsAnUpstreamError_whenTheOriginIsDown() throws Exception {
    String authority;
    try (TestOrigin closed = TestOrigin.start()) {
      authority = closed.authority();
    }
    assertThat(get(authority).statusCode()).isEqualTo(502);
    assertThat(recorder.exchanges().get(0).blame()).hasToString("UPSTREAM CONNECTION_REFUSED");
  }

  @Test
  void answers502_whenTheOriginSwitchesProtocols() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onRequest(
          connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
            connection.awaitEnd();
            closed.complete(null);
          });
      assertThat(get("127.0.0.1:" + origin.address().getPort()).statusCode()).isEqualTo(502);
      assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  private HttpResponse<String> get(String origin) throws Exception {
    HttpServer server = Main.start(recorder, 0, origin);
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hello");
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } finally {
      recorder.awaitIdle(Duration.ofSeconds(20));
      recorder.assertInvariants();
      server.stop(0);
    }
  }
}
