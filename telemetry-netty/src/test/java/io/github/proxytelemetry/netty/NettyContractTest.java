package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.Capability;
import io.github.proxytelemetry.testing.ProxyAdapterContract;
import io.github.proxytelemetry.testing.ProxySettings;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import java.net.InetSocketAddress;
import java.util.Map;

/** Also run on the real back end, by the tests of hosts. */
public class NettyContractTest extends ProxyAdapterContract {
  @Override
  protected ProxyUnderTest startProxy(ProxyTelemetry telemetry, ProxySettings settings)
      throws Exception {
    NettyProxyHost host = NettyProxyHost.start(telemetry, HostOptions.of(settings));
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
    return Map.of();
  }
}
