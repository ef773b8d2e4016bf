/** What a proxy does, told as events: the model that adapters and back ends share. */
module io.github.proxytelemetry {
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry;
}
