package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.ProxyTelemetryContract;
import java.util.Map;

class OtelProxyTelemetryContractTest extends ProxyTelemetryContract {
  private final Bench bench = Bench.traced();

  @Override
  protected ProxyTelemetry telemetry() {
    return bench.telemetry;
  }

  @Override
  protected double value(Instrument instrument, Map<Dimension, String> labels) {
    return bench.sum(instrument, labels);
  }
}
