/** Turns the events of a proxy into OpenTelemetry spans and metrics, and sets up their export. */
// All of OpenTelemetry but the Prometheus exporter is automatic modules, with stable names.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.github.proxytelemetry.otel {
  requires transitive io.github.proxytelemetry;
  requires transitive io.opentelemetry.api;
  requires transitive io.opentelemetry.context;
  requires io.opentelemetry.sdk;
  requires io.opentelemetry.exporter.otlp;
  requires io.opentelemetry.exporter.prometheus;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.metrics;
  requires io.opentelemetry.sdk.trace;
  requires io.opentelemetry.semconv;
  requires io.prometheus.metrics.exporter.httpserver;
  requires io.prometheus.metrics.model;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires static transitive java.logging;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.otel;
  exports io.github.proxytelemetry.otel.sdk;
}
