package io.github.proxytelemetry.testing;

/** Runs the contract of back ends on a correct one. */
class TallyTelemetryTest extends TallyContract {
  TallyTelemetryTest() {}
}
