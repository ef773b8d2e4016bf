module com.example.bom {
  requires io.github.proxytelemetry.console;
  requires io.github.proxytelemetry.httpclient;
  requires io.github.proxytelemetry.jetty;
  requires io.github.proxytelemetry.netty;
  requires io.github.proxytelemetry.sdk;
  requires io.github.proxytelemetry.testing;
  requires io.opentelemetry.instrumentation.runtime_telemetry;
}
