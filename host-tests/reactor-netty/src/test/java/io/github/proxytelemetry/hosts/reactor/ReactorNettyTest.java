package io.github.proxytelemetry.hosts.reactor;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import io.github.proxytelemetry.testing.RecordedExchange;
import java.net.InetSocketAddress;
import java.util.List;
import reactor.netty.http.HttpProtocol;

class ReactorNettyTest extends HostContract {
  @Override
  protected Host host() {
    return (telemetry, origin) -> start(telemetry, origin, HttpProtocol.HTTP11);
  }

  /** While the first response is being written, reactor-netty reads all pipelined requests. */
  @Override
  protected int exchangesWithAttempts(List<RecordedExchange> exchanges) {
    boolean pipelined =
        exchanges.stream().map(RecordedExchange::status).toList().equals(List.of(200, 404, 500));
    return pipelined ? 2 : exchanges.size();
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
