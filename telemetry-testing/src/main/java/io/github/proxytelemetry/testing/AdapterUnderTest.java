package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyTelemetry;
import java.time.Duration;
import java.util.Map;

/**
 * Adapter that the cases of {@link ProxyAdapterContract} run against, with the limits of its host.
 * The cases depend on this and not on the contract, which depends on the cases.
 */
interface AdapterUnderTest {
  ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings) throws Exception;

  Map<Capability, String> waived();

  /** How long a case waits for an expected event. */
  Duration patience();
}
