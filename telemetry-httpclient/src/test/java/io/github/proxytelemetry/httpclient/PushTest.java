package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushed responses reach the host and are not reported as attempts. */
class PushTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void acceptsTheSamePushes_andReportsRequestsOnly() throws Exception {
    SSLContext keys = TestKeys.in(directory);
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    HttpClientTelemetry telemetry = HttpClientTelemetry.create(recorder);
    try (PushingServer server = new PushingServer(keys, "/one", "/refused", "/two")) {
      HttpClient plain = HttpClient.newBuilder().sslContext(keys).build();
      Map<String, String> received = receive(plain, server);
      assertThat(received)
          .containsEntry("/", "asked for")
          .containsEntry("/one", "pushed /one")
          .containsEntry("/two", "pushed /two")
          .containsEntry("/refused", "came for what was asked: true")
          .hasSize(4);
      HttpClient client =
          telemetry.wrap(HttpClient.newBuilder().sslContext(telemetry.wrap(keys)).build());
      assertThat(receive(client, server)).isEqualTo(received);
    }
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.attempts().get(0).path()).isEqualTo("/");
    assertThat(recorder.attempts().get(0).status()).isEqualTo(200);
    assertThat(recorder.attempts().get(0).responseBytes()).isEqualTo("asked for".length());
  }

  private static Map<String, String> receive(HttpClient client, PushingServer server) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/"))
            .header("X-B", "1")
            .build();
    Map<String, CompletableFuture<HttpResponse<String>>> pushed = new ConcurrentHashMap<>();
    Map<String, String> received = new TreeMap<>();
    PushPromiseHandler<String> handler =
        (initiating, promised, acceptor) -> {
          String path = promised.uri().getPath();
          if (path.equals("/refused")) {
            received.put(path, "came for what was asked: " + initiating.equals(request));
          } else {
            pushed.put(path, acceptor.apply(BodyHandlers.ofString()));
          }
        };
    HttpResponse<String> response =
        client.sendAsync(request, BodyHandlers.ofString(), handler).join();
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    received.put("/", response.body());
    pushed.forEach((path, answer) -> received.put(path, answer.join().body()));
    return received;
  }
}
