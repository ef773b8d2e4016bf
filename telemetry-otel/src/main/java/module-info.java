/** Records a proxy's events into any OpenTelemetry, as metrics and spans. */
// OpenTelemetry's modules are automatic, with stable names.
// The SDK module, to which a room is exported, is compiled after this one.
@SuppressWarnings({"module", "requires-automatic", "requires-transitive-automatic"})
module io.github.proxytelemetry.otel {
  requires transitive io.github.proxytelemetry;
  requires transitive io.opentelemetry.api;
  requires io.opentelemetry.common;
  requires transitive io.opentelemetry.context;
  requires io.opentelemetry.semconv;
  requires static transitive java.logging;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.otel;
  // The hooks of an SDK that samples before spans start.
  exports io.github.proxytelemetry.otel.tracing to
      io.github.proxytelemetry.sdk;
}
