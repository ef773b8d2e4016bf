package io.github.proxytelemetry.hosts.undertow;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import io.undertow.Undertow;
import java.net.InetSocketAddress;

class UndertowTest extends HostContract {
  @Override
  protected Host host() {
    return UndertowTest::start;
  }

  @Override
  protected boolean hasWebSockets() {
    return false;
  }

  @Override
  protected boolean hasConnections() {
    return false;
  }

  private static Host.Running start(ProxyTelemetry telemetry, InetSocketAddress origin) {
    UndertowProxy proxy = new UndertowProxy(telemetry, "http://127.0.0.1:" + origin.getPort());
    Undertow server = Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(proxy).build();
    server.start();
    return new Host.Running() {
      @Override
      public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
      }

      @Override
      public void close() {
        server.stop();
      }
    };
  }
}
