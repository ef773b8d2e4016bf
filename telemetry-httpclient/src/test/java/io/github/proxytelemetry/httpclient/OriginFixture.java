package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Fixture with an origin and a recorder; after each test, every observation must have ended. */
abstract class OriginFixture {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  final HttpClientTelemetry telemetry = HttpClientTelemetry.create(recorder);
  ScriptedOrigin origin;

  @BeforeEach
  void startOrigin() throws Exception {
    origin = ScriptedOrigin.start();
  }

  @AfterEach
  void stopOrigin() throws Exception {
    try {
      recorder.awaitIdle(TIMEOUT);
      recorder.assertInvariants();
      recorder.assertNoLateCalls();
    } finally {
      origin.close();
    }
  }

  URI uri(String scheme, String target) {
    return URI.create(scheme + "://127.0.0.1:" + origin.address().getPort() + target);
  }
}
