package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import java.net.InetSocketAddress;

/** The scripts of every host, on one of the shapes. */
abstract class NettyHostContract extends HostContract {
  /** The shape that the scripts run on, until a test chooses another. */
  ObservedNetty.Shape shape;

  NettyHostContract(ObservedNetty.Shape shape) {
    this.shape = shape;
  }

  @Override
  protected final Host host() {
    return (telemetry, origin) -> start(telemetry, origin, shape);
  }

  /** The relay is small, and the adapter's own tests have WebSockets. */
  @Override
  protected final boolean hasWebSockets() {
    return false;
  }

  private static Host.Running start(
      ProxyTelemetry telemetry, InetSocketAddress origin, ObservedNetty.Shape shape) {
    ObservedNetty proxy =
        new ObservedNetty(telemetry, Upstream.of(origin.getHostString(), origin.getPort()), shape);
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
