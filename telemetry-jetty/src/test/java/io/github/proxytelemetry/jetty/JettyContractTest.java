package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.Capability;
import io.github.proxytelemetry.testing.ProxyAdapterContract;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import java.util.EnumMap;
import java.util.Map;

/** Also run on the real back end, by the tests of hosts. */
public class JettyContractTest extends ProxyAdapterContract {
  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws Exception {
    return JettyProxyHost.start(telemetry, settings);
  }

  @Override
  protected Map<Capability, String> waived() {
    Map<Capability, String> waived = new EnumMap<>(Capability.class);
    waived.put(
        Capability.CLIENT_ABORT_WHILE_WAITING,
        "Jetty does not read from a connection of HTTP/1.1 while a request on it is handled.");
    waived.put(
        Capability.PIPELINE_LIMIT,
        "Jetty reads a request when the one before it has been answered, however many there are.");
    return waived;
  }
}
