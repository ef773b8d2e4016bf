package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.otel.sdk.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** What tests of the configuration have in common. */
final class Configurations {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private Configurations() {}

  /** A builder that sees this environment only. */
  static OtelProxyTelemetryBuilder environment(Map<String, String> variables) {
    return given(Map.of(), Map.of(), variables);
  }

  /** A builder that sees this map only. */
  static OtelProxyTelemetryBuilder map(Map<String, ?> map) {
    return given(map, Map.of(), Map.of());
  }

  static OtelProxyTelemetryBuilder given(
      Map<String, ?> map, Map<String, String> properties, Map<String, String> variables) {
    OtelProxyTelemetryBuilder builder = OtelProxyTelemetry.fromMap(map);
    builder.environment(properties, variables);
    return builder;
  }

  /** One request, answered by one attempt, and everything sent; returns what went upstream. */
  static Headers drive(OtelProxyTelemetry telemetry, Headers received) {
    ExchangeObservation exchange = telemetry.startExchange(Request.with(received));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    Headers sent = new Headers();
    attempt.inject(sent, Headers.ACCESS);
    attempt.requestStarted(Request.GET);
    attempt.requestEnd();
    attempt.responseStarted(200);
    attempt.responseBytes(5);
    attempt.responseEnd();
    exchange.responseStarted(200, new Headers(), Headers.ACCESS);
    exchange.responseEnd();
    exchange.end();
    flush(telemetry);
    return sent;
  }

  static void flush(OtelProxyTelemetry telemetry) {
    Delivery delivery = telemetry.flush(LIMIT);
    if (delivery.status() != Delivery.Status.DELIVERED) {
      throw new AssertionError(delivery);
    }
  }

  static String resource(String name) {
    try (InputStream in = Configurations.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The authority of a receiver's endpoint. */
  static String hostPort(String endpoint) {
    return endpoint.substring("http://".length());
  }
}
