package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.Capability;
import io.github.proxytelemetry.testing.ProxyAdapterContract;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import java.net.InetSocketAddress;
import java.util.Map;

class MyProxyTest extends ProxyAdapterContract {
  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws Exception {
    MyProxy proxy =
        MyProxy.start(
            telemetry, settings.originHost(), settings.originPort(), settings.upstreamTimeout());
    return new ProxyUnderTest() {
      @Override
      public InetSocketAddress address() {
        return proxy.address();
      }

      @Override
      public void close() throws Exception {
        proxy.stop();
      }
    };
  }

  @Override
  protected Map<Capability, String> waived() {
    return Map.of(Capability.UPGRADE, "this proxy does not forward upgrades");
  }
}
