/** What a proxy does, told as events. */
module io.github.proxytelemetry {
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry;
}
