/** Recorder of telemetry events, and test contracts for back ends and adapters. */
// HttpCore's jars have an Automatic-Module-Name in their manifests, which is a stable name.
@SuppressWarnings("requires-automatic")
module io.github.proxytelemetry.testing {
  requires transitive io.github.proxytelemetry;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires static transitive org.jspecify;
  requires java.logging;
  requires org.apache.httpcomponents.core5.httpcore5;
  requires org.apache.httpcomponents.core5.httpcore5.h2;

  exports io.github.proxytelemetry.testing;

  // JUnit invokes the package-private cases of the contracts by reflection.
  opens io.github.proxytelemetry.testing to
      org.junit.platform.commons;
}
