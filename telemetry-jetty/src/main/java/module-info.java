/** Telemetry of proxies built on Jetty. */
module io.github.proxytelemetry.jetty {
  requires transitive io.github.proxytelemetry;
  requires transitive org.eclipse.jetty.client;
  requires transitive org.eclipse.jetty.server;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.jetty;
}
