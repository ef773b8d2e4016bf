package io.github.proxytelemetry.hosts.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.github.proxytelemetry.testing.Terminal;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The same scripts with Vert.x at its defaults, which may be upgraded to HTTP/2. */
class VertxH2cTest extends VertxTest {
  private static final int REQUESTS = 3;

  @Override
  HttpServer server(ObservedVertx observed, Vertx vertx) {
    return observed.serverWithH2c(vertx, new HttpServerOptions());
  }

  /** Vert.x has an HTTP/2 codec of its own, whose frames do not pass the pipeline. */
  @Test
  void servesStreams_whichAreNotObserved() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      for (int i = 0; i < REQUESTS; i++) {
        origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
      }
      try (Host.Running proxy = host().start(recorder, origin.address())) {
        URI uri = URI.create("http://127.0.0.1:" + proxy.address().getPort() + "/");
        for (int i = 0; i < REQUESTS; i++) {
          HttpResponse<String> response =
              client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
          assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
          assertThat(response.body()).isEqualTo("hello");
        }
      }
    }
    recorder.awaitIdle(Duration.ofSeconds(20));
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
    assertThat(recorder.exchanges())
        .allSatisfy(each -> assertThat(each.terminal()).isEqualTo(Terminal.DISCARDED));
  }
}
