package io.github.proxytelemetry.hosts.backend;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.jetty.JettyContractTest;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnlyHostileOrigins.class)
class JettyHostileOriginTest extends JettyContractTest {
  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws Exception {
    return BackEnd.beside(telemetry, both -> super.startProxy(both, settings));
  }
}
