package io.github.proxytelemetry.testing;

/** The contract on a back end that is right. */
class TallyTelemetryTest extends TallyContract {
  TallyTelemetryTest() {}
}
