package io.github.proxytelemetry.hosts.reactor;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import java.net.InetSocketAddress;
import reactor.netty.http.HttpProtocol;

class ReactorNettyTest extends HostContract {
  @Override
  protected Host host() {
    return (telemetry, origin) -> start(telemetry, origin, HttpProtocol.HTTP11);
  }

  static Host.Running start(
      ProxyTelemetry telemetry, InetSocketAddress origin, HttpProtocol... protocols) {
    ReactorNettyProxy proxy = new ReactorNettyProxy(telemetry, origin, protocols);
    return new Host.Running() {
      @Override
      public InetSocketAddress address() {
        return proxy.address();
      }

      @Override
      public void close() {
        proxy.close();
      }
    };
  }
}
