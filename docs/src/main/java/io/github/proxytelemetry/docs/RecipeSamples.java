package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.otel.Trust;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.instrumentation.micrometer.v1_5.OpenTelemetryMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;

/** Samples of the recipes, and of the pages about logging and moving. */
final class RecipeSamples {
  private static final Logger logger = Logger.getLogger("proxy");

  static ProxyTelemetrySdk privacyProxy() {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("privacy-proxy")
            .prometheus("127.0.0.1", 9464)
            .recording(recording -> recording.privacy(Privacy.STRICT))
            .build();
    return telemetry;
  }

  static ProxyTelemetrySdk gateway() {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("gateway")
            .otlp("http://127.0.0.1:4317")
            .sampling(
                Sampling.rules()
                    .when("POST", "/orders/{id}", Sampling.always())
                    .otherwise(
                        Sampling.ratio(0.01).keepErrorsAndSlow(Duration.ofMillis(500)).capped(50)))
            .recording(recording -> recording.skipPaths("/health", "/metrics"))
            .build();
    return telemetry;
  }

  static void name(ExchangeObservation exchange) {
    exchange.route("/users/{id}");
    exchange.startAttempt(Upstream.named("users", "10.0.0.7", 8080));
  }

  static void gauges(ProxyTelemetrySdk telemetry, List<Pool> pools) {
    for (Pool pool : pools) {
      telemetry.gauge(
          "pool_connections", "{connection}", Map.of("pool", pool.name()), pool::connections);
    }
  }

  static ProxyTelemetrySdk forwardProxy() {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("forward-proxy")
            .otlp("http://127.0.0.1:4317")
            .recording(
                recording ->
                    recording
                        .trust(Trust.RESTART)
                        .propagateTo(upstream -> upstream.host().endsWith(".example.com"))
                        .capture(Capture.builder().destinations("*.example.com").build()))
            .build();
    return telemetry;
  }

  static OtelProxyTelemetry besideTheAgent() {
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder(GlobalOpenTelemetry.get()).naming(MetricNaming.SEMCONV).build();
    return telemetry;
  }

  static MeterRegistry micrometer(ProxyTelemetrySdk telemetry) {
    MeterRegistry registry =
        OpenTelemetryMeterRegistry.builder(telemetry.openTelemetry())
            .setPrometheusMode(true)
            .build();
    return registry;
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  static void log(ExchangeObservation exchange) {
    try (Scope scope = exchange.activate()) {
      logger.info("forwarding");
    }
  }

  /** A pool of the host's. */
  interface Pool {
    String name();

    int connections();
  }

  private RecipeSamples() {}
}
