/** Telemetry of proxies built on the HTTP client and server of the JDK. */
module io.github.proxytelemetry.httpclient {
  requires transitive io.github.proxytelemetry;
  requires transitive java.net.http;
  requires transitive jdk.httpserver;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.httpclient;
}
