/** A recorder, and the contracts that back ends and adapters pass. */
// They name themselves in their manifests, so the name is one to rely on.
@SuppressWarnings("requires-automatic")
module io.github.proxytelemetry.testing {
  requires transitive io.github.proxytelemetry;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires static transitive org.jspecify;
  requires org.apache.httpcomponents.core5.httpcore5;
  requires org.apache.httpcomponents.core5.httpcore5.h2;

  exports io.github.proxytelemetry.testing;

  // The cases of the contracts are package-private, and JUnit calls them.
  opens io.github.proxytelemetry.testing to
      org.junit.platform.commons;
}
