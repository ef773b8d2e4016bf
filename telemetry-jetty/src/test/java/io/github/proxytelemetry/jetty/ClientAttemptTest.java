package io.github.proxytelemetry.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ClientAttemptTest {
  /** Jetty reports the failure to the request's listeners and again at its completion. */
  @Test
  void endsOnce_whenTheConnectionIsRefused() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    TelemetryHttpClient client = JettyTelemetry.create(recorder).install(new TelemetryHttpClient());
    client.start();
    assertThatThrownBy(() -> client.GET("http://127.0.0.1:" + port + "/"))
        .isInstanceOf(ExecutionException.class);
    client.stop();
    assertThat(recorder.attempts()).hasSize(1);
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.failure()).hasToString("UPSTREAM CONNECTION_REFUSED");
    assertThat(attempt.repeatedTerminals()).isZero();
    assertThat(attempt.lateCalls()).isZero();
    recorder.assertInvariants();
  }
}
