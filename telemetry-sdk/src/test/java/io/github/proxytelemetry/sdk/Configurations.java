package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Builders for tests of the configuration. */
final class Configurations {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private Configurations() {}

  /** A builder that sees this environment only. */
  static ProxyTelemetrySdkBuilder environment(Map<String, String> variables) {
    return given(Map.of(), Map.of(), variables);
  }

  /** A builder that sees this map only. */
  static ProxyTelemetrySdkBuilder map(Map<String, ?> map) {
    return given(map, Map.of(), Map.of());
  }

  /** As {@link #environment}, read under a prefix of its own. */
  static ProxyTelemetrySdkBuilder tracing(Map<String, String> variables, String prefix) {
    return ProxyTelemetrySdk.builder(
        Configuration.of(Map.of(), Map.of(), variables).withTracingPrefix(prefix));
  }

  /** As {@link #environment}, read under a prefix of its own. */
  static ProxyTelemetrySdkBuilder telemetry(Map<String, String> variables, String prefix) {
    return ProxyTelemetrySdk.builder(
        Configuration.of(Map.of(), Map.of(), variables).withTelemetryPrefix(prefix));
  }

  static ProxyTelemetrySdkBuilder given(
      Map<String, ?> map, Map<String, String> properties, Map<String, String> variables) {
    return ProxyTelemetrySdk.builder(Configuration.of(map, properties, variables));
  }

  /** One request, answered by one attempt, and everything sent; returns what went upstream. */
  static Headers drive(ProxyTelemetrySdk telemetry, Headers received) {
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

  static void flush(ProxyTelemetrySdk telemetry) {
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
