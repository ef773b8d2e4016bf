package io.github.proxytelemetry.sdk;

/** The exporter of the tunnel gateway's three variables: traces over gRPC. */
final class GatewayExporter {
  private GatewayExporter() {}

  static void addTo(ProxyTelemetrySdkBuilder sdk, Settings settings) {
    if (!settings.isTracingOn()) {
      return;
    }
    Setting endpoint = settings.tracing("ENDPOINT");
    OtlpVariables standard = new OtlpVariables(settings, "traces");
    if (standard.isHttp()) {
      Setting protocol = standard.get("PROTOCOL");
      throw (protocol == null ? new Setting("", "") : protocol)
          .invalid("with " + settings.tracingKey("ENABLED") + " is grpc");
    }
    if (endpoint == null && !standard.hasEndpoint()) {
      throw new IllegalArgumentException(
          settings.tracingKey("ENDPOINT")
              + ": was empty, and so are OTEL_EXPORTER_OTLP_ENDPOINT and"
              + " OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, allowed are host:port, http://host:port and"
              + " https://host:port in one of them");
    }
    if (endpoint == null) {
      standard.add(sdk, null, true, false);
      return;
    }
    sdk.otlp(
        endpoint.text(),
        options -> {
          options.origin = endpoint.key();
          options.metrics = false;
          standard.applyTo(options);
        });
  }
}
