/** A live page of a proxy's telemetry, for a browser. */
// All of OpenTelemetry is automatic modules, with stable names.
@SuppressWarnings("requires-automatic")
module io.github.proxytelemetry.console {
  requires transitive io.github.proxytelemetry.sdk;
  requires io.opentelemetry.common;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.metrics;
  requires io.opentelemetry.sdk.trace;
  requires jdk.httpserver;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.console;
}
