package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.netty.NettyTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The servers behind the gateway, of which each gets its turn. */
final class Upstreams implements AutoCloseable {
  private final NettyTelemetry netty;
  private final List<UpstreamServer> servers;
  private final AtomicInteger turn = new AtomicInteger();
  private final GatewayOptions options;

  Upstreams(NettyTelemetry netty, GatewayOptions options) {
    this.netty = netty;
    this.options = options;
    this.servers =
        options.upstreams().stream()
            .map(address -> new UpstreamServer(netty, address, options))
            .toList();
  }

  /** The next one: for a retry that is another one, where there is another. */
  UpstreamServer next() {
    return servers.get(Math.floorMod(turn.getAndIncrement(), servers.size()));
  }

  NettyTelemetry netty() {
    return netty;
  }

  int retries() {
    return options.retries();
  }

  Duration timeout() {
    return options.timeout();
  }

  @Override
  public void close() {
    servers.forEach(UpstreamServer::close);
  }
}
