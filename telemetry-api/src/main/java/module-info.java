/** API between adapters, which report the events of a proxy, and back ends, which record them. */
module io.github.proxytelemetry {
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry;
}
