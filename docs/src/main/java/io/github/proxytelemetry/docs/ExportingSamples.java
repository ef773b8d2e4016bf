package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.console.ConsoleServer;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Trust;
import io.github.proxytelemetry.sdk.Configuration;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.util.Map;
import java.util.function.Supplier;

/** Samples of the pages about exporting, configuration and the console. */
final class ExportingSamples {
  static ProxyTelemetrySdk many(Supplier<String> token) {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge-proxy")
            .otlp("otel-collector.observability:4317")
            .otlp(
                "https://otel.example.com:4317",
                otlp -> otlp.name("vendor").bearerToken(token).header("x-tenant", "edge").gzip())
            .prometheus("127.0.0.1", 9464)
            .build();
    return telemetry;
  }

  static ProxyTelemetrySdk traces() {
    return ProxyTelemetrySdk.builder("edge-proxy")
        .otlp("tempo-distributor.tempo:4317", otlp -> otlp.withoutMetrics())
        .build();
  }

  static ProxyTelemetrySdk jaeger() {
    return ProxyTelemetrySdk.builder("edge-proxy")
        .otlp("jaeger-collector.tracing:4317", otlp -> otlp.withoutMetrics())
        .build();
  }

  static ProxyTelemetrySdk tuned() {
    return ProxyTelemetrySdk.builder("edge-proxy")
        .otlp(
            "https://collector.example:4317",
            otlp -> otlp.metrics(metrics -> metrics.delta().exponentialHistograms()))
        .prometheus("127.0.0.1", 9464)
        .recording(
            recording ->
                recording.metrics(
                    metrics ->
                        metrics
                            .buckets(Instrument.PROCESSING_DURATION_SECONDS, 0.001, 0.01, 0.1)
                            .exemplars(true)))
        .build();
  }

  static ProxyTelemetrySdk configured(Map<String, Object> map) {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder(Configuration.of(map))
            .recording(recording -> recording.trust(Trust.RESTART))
            .build();
    return telemetry;
  }

  static ConsoleServer page() {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge-proxy").prometheus("127.0.0.1", 9464).liveView().build();
    ConsoleServer console = ConsoleServer.start(telemetry, 9465);
    System.out.println("page on " + console.url());
    return console;
  }

  static ProxyTelemetrySdk everything() {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge-proxy")
            .sampling(Sampling.always())
            .recording(
                recording ->
                    recording.layers(
                        Layers.builder()
                            .metrics(Group.BACKEND)
                            .traces(Group.PROXY, Group.ROUND_TRIP, Group.DETAILED_CONNECTION)
                            .build()))
            .liveView()
            .build();
    return telemetry;
  }

  private ExportingSamples() {}
}
