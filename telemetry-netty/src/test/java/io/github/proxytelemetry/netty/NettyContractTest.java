package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.Capability;
import io.github.proxytelemetry.testing.ProxyAdapterContract;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import java.net.InetSocketAddress;
import java.util.Map;

class NettyContractTest extends ProxyAdapterContract {
  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings) {
    NettyProxyHost host =
        NettyProxyHost.start(
            telemetry,
            InetSocketAddress.createUnresolved(settings.originHost(), settings.originPort()),
            settings.upstreamTimeout().toMillis(),
            null);
    return new ProxyUnderTest() {
      @Override
      public InetSocketAddress address() {
        return host.address();
      }

      @Override
      public void close() {
        host.close();
      }
    };
  }

  @Override
  protected Map<Capability, String> waived() {
    return Map.of(
        Capability.HALF_CLOSE,
        "The host prefers to see at once that a client leaves: it does not allow half-closed"
            + " connections before a tunnel.");
  }
}
