package com.example.otel;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.opentelemetry.api.OpenTelemetry;

/** A host with an OpenTelemetry of its own, here one that drops everything. */
public final class Main {
  public static void main(String[] args) {
    try (OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(OpenTelemetry.noop())) {
      ExchangeObservation exchange = telemetry.startExchange(() -> "GET");
      exchange.responseStarted(200);
      exchange.end();
    }
    System.out.println("recorded");
  }
}
