package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.ChannelHealthChecker;
import io.netty.channel.pool.ChannelPool;
import io.netty.channel.pool.FixedChannelPool;
import io.netty.channel.pool.FixedChannelPool.AcquireTimeoutAction;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A server behind the gateway, and the connections to it. */
final class UpstreamServer implements AutoCloseable {
  private static final int MAX_WAITING = 10_000;

  private final NettyTelemetry netty;
  private final InetSocketAddress address;
  private final GatewayOptions options;
  private final Upstream upstream;

  /** One for each event loop, so that a request stays on the loop of its client. */
  private final Map<EventLoop, ChannelPool> pools = new ConcurrentHashMap<>();

  UpstreamServer(NettyTelemetry netty, InetSocketAddress address, GatewayOptions options) {
    this.netty = netty;
    this.address = address;
    this.options = options;
    String host = address.getHostString();
    int port = address.getPort();
    // telemetry: with a name, since it is the gateway's operator who chose it
    this.upstream = Upstream.named(host + ':' + port, host, port);
  }

  Upstream upstream() {
    return upstream;
  }

  ChannelPool pool(EventLoop loop) {
    return pools.computeIfAbsent(loop, this::create);
  }

  @Override
  public void close() {
    pools.values().forEach(ChannelPool::close);
  }

  private ChannelPool create(EventLoop loop) {
    int timeout = Math.toIntExact(options.timeout().toMillis());
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout)
            .remoteAddress(address);
    return new FixedChannelPool(
        bootstrap,
        new AbstractChannelPoolHandler() {
          @Override
          public void channelCreated(Channel channel) {
            channel.pipeline().addLast(new HttpClientCodec(), new UpstreamHandler());
            netty.installUpstream(channel.pipeline(), upstream); // telemetry: the last line
          }
        },
        ChannelHealthChecker.ACTIVE,
        AcquireTimeoutAction.FAIL,
        timeout,
        options.connections(),
        MAX_WAITING);
  }
}
