package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.sdk.export.TelemetrySdk;
import io.opentelemetry.api.OpenTelemetry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** SDK without a recorder, whose metrics are the test's only. */
record BareSdk(TelemetrySdk sdk) {
  static BareSdk start(ProxyTelemetrySdkBuilder builder) {
    return new BareSdk(TelemetrySdk.start(builder.spec));
  }

  OpenTelemetry openTelemetry() {
    return sdk.openTelemetry();
  }

  Delivery flush(Duration timeout) {
    return Delivery.of(sdk.flush(timeout));
  }

  Delivery close(Duration timeout) {
    return Delivery.of(sdk.close(timeout));
  }

  List<ExporterHealth> health() {
    return sdk.exporters().stream().map(stats -> stats.read(ExporterHealth::new)).toList();
  }

  InetSocketAddress prometheusAddress(String exporter) {
    return sdk.prometheusAddress(exporter);
  }
}
