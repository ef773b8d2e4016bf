/** Sets up an OpenTelemetry SDK for a proxy and owns it: exporters, TLS, configuration, health. */
// All of OpenTelemetry but the Prometheus exporter is automatic modules, with stable names.
// The console's module, to which a room is exported, is compiled after this one.
@SuppressWarnings({"module", "requires-automatic", "requires-transitive-automatic"})
module io.github.proxytelemetry.sdk {
  requires transitive io.github.proxytelemetry.otel;
  // Optional, for metrics of the runtime.
  requires static io.opentelemetry.instrumentation.runtime_telemetry;
  requires io.opentelemetry.sdk;
  requires io.opentelemetry.common;
  requires io.opentelemetry.exporter.otlp;
  requires io.opentelemetry.exporter.prometheus;
  requires io.opentelemetry.extension.trace.propagation;
  requires io.opentelemetry.sdk.autoconfigure.spi;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.metrics;
  requires io.opentelemetry.sdk.trace;
  requires io.prometheus.metrics.exporter.common;
  requires io.prometheus.metrics.exporter.httpserver;
  requires io.prometheus.metrics.model;
  requires java.management;
  requires jdk.httpserver;
  requires jdk.management;
  // A real module, which nothing on the module path would resolve by itself.
  requires okhttp3;
  // Optional, for keys in the formats of OpenSSL.
  requires static org.bouncycastle.pkix;
  requires static org.bouncycastle.provider;
  requires static transitive org.jspecify;

  // The propagator of X-Ray, whose module has no name but that of its file.
  uses io.opentelemetry.sdk.autoconfigure.spi.ConfigurablePropagatorProvider;

  exports io.github.proxytelemetry.sdk;
  // What the console shows, and nobody else needs.
  exports io.github.proxytelemetry.sdk.live to
      io.github.proxytelemetry.console;
}
