package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;

/**
 * Reader of the tunnel gateway's {@code …_ENABLED} and {@code …_ENDPOINT}: traces over gRPC. Its
 * {@code …_SAMPLE_RATE} is read by {@link ConfigReader}.
 */
final class GatewayConfiguration {
  private GatewayConfiguration() {}

  static void addTo(SdkSpec sdk, EffectiveConfig config, Notices notices) {
    if (!config.isTracingOn()) {
      return;
    }
    ConfigValue endpoint = config.tracing("ENDPOINT");
    OtlpVariables standard = new OtlpVariables(config, "traces", notices);
    ConfigValue protocol = standard.get("PROTOCOL");
    if (protocol != null && standard.isHttp()) {
      throw protocol.invalid("grpc with " + config.tracingKey("ENABLED"));
    }
    if (endpoint == null && !standard.hasEndpoint()) {
      throw new IllegalArgumentException(
          config.tracingKey("ENDPOINT")
              + ": invalid value \"\", and OTEL_EXPORTER_OTLP_ENDPOINT and"
              + " OTEL_EXPORTER_OTLP_TRACES_ENDPOINT are empty; expected host:port,"
              + " http://host:port or https://host:port in one of them");
    }
    if (endpoint == null) {
      standard.add(sdk, null, true, false);
      return;
    }
    OtlpSpec otlp = new OtlpSpec(endpoint.text());
    otlp.origin = endpoint.key();
    otlp.metrics = false;
    standard.applyTo(otlp);
    standard.applyTls(otlp);
    sdk.otlp.add(otlp);
  }
}
