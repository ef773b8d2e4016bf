package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.time.Duration;

/** Exports one span to an endpoint, without options for TLS. */
final class ExportOnce {
  private ExportOnce() {}

  public static void main(String[] arguments) {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .otlp(arguments[0], otlp -> otlp.http().withoutMetrics())
            .sampling(Sampling.always())
            .build();
    telemetry.startExchange(() -> "GET").end();
    System.out.println(telemetry.close(Duration.ofSeconds(5)).status());
  }
}
