package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyTelemetry;
import java.io.IOException;
import java.util.Map;

/** The contract on a proxy that is instrumented by hand. */
class PlainSocketProxyTest extends ProxyAdapterContract {
  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws IOException {
    return new PlainSocketProxy(telemetry, settings);
  }

  @Override
  protected Map<Capability, String> waived() {
    return Map.of(
        Capability.CLIENT_ABORT_WHILE_WAITING,
        "the connection's only thread waits for the origin and cannot see the client leave",
        Capability.EARLY_RESPONSE,
        "the connection's only thread sends the whole request before it reads the response");
  }
}
