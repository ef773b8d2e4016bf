/** A recorder, and the contracts that back ends and adapters pass. */
module io.github.proxytelemetry.testing {
  requires transitive io.github.proxytelemetry;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires static transitive org.jspecify;

  exports io.github.proxytelemetry.testing;
}
