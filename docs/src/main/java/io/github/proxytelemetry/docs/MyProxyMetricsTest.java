package io.github.proxytelemetry.docs;

import static io.github.proxytelemetry.testing.TelemetryAssertions.assertThat;

import io.github.proxytelemetry.testing.RecordingExtension;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sample of telemetry-testing's page. */
abstract class MyProxyMetricsTest {
  @ExtendWith(RecordingExtension.class)
  static class Sample extends MyProxyMetricsTest {
    @Test
    void answersAnUnknownPathItself(RecordingProxyTelemetry recorded) throws Exception {
      MyProxy proxy = MyProxy.start(recorded, "127.0.0.1", 8000, Duration.ofSeconds(1));
      get("http:/" + proxy.address() + "/nothing-here");
      proxy.stop();

      assertThat(recorded).hasExchanges(1).exchange(0).hasStatus(404).hasNoAttempts();
    }
  }

  static void get(String uri) throws IOException, InterruptedException {
    var unused =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.discarding());
  }
}
