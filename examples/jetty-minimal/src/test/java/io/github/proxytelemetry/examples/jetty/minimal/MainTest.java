package io.github.proxytelemetry.examples.jetty.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class MainTest {
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
