package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Small HTTP/1.1 and HTTP/2 proxy of a typical host: a forward proxy for absolute targets and
 * {@code CONNECT}, a reverse proxy for others. It calls the adapter only where a host has to.
 */
final class NettyProxyHost implements AutoCloseable {
  static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  final NettyTelemetry telemetry;
  final HostOptions options;
  final UpstreamPool pool = new UpstreamPool();
  final UpstreamStreams streams = new UpstreamStreams(this);
  ChannelFactory<Channel> dialled = NioSocketChannel::new;
  private final EventLoopGroup loops = Loops.create(1);
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel server;

  private NettyProxyHost(ProxyTelemetry telemetry, HostOptions options) {
    this.telemetry = NettyTelemetry.create(telemetry);
    this.options = options;
    this.server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    open.add(client);
                    // One read may contain more requests than the codec accepts.
                    client.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(65_536));
                    if (options.inFront() != null) {
                      client.pipeline().addLast(options.inFront().get());
                    }
                    if (options.tls() == null) {
                      Protocols.addCleartext(client.pipeline(), NettyProxyHost.this);
                    } else {
                      client.pipeline().addLast(options.tls().get());
                      client.pipeline().addLast(Protocols.negotiated(NettyProxyHost.this));
                    }
                    NettyProxyHost.this.telemetry.installServer(client.pipeline());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  static NettyProxyHost start(ProxyTelemetry telemetry, @Nullable InetSocketAddress origin) {
    return start(telemetry, origin, 10_000, null);
  }

  static NettyProxyHost start(
      ProxyTelemetry telemetry,
      @Nullable InetSocketAddress origin,
      long readTimeoutMillis,
      @Nullable Supplier<ChannelHandler> tls) {
    return start(telemetry, HostOptions.plain(origin, readTimeoutMillis, tls));
  }

  static NettyProxyHost start(ProxyTelemetry telemetry, HostOptions options) {
    return new NettyProxyHost(telemetry, options);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /** Closes a channel together with the host. */
  void own(Channel channel) {
    open.add(channel);
  }

  Bootstrap dialler(Channel client, ChannelHandler initializer) {
    return new Bootstrap()
        .group(client.eventLoop())
        .channelFactory(() -> dialled.newChannel())
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.min(CONNECT_TIMEOUT_MILLIS, options.upstreamTimeout()))
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel upstream) {
                open.add(upstream);
                upstream.pipeline().addLast(initializer);
              }
            });
  }

  /** Closes channels first: an event loop shut down without delay may leave idle ones open. */
  @Override
  public void close() {
    if (loops.isShuttingDown()) {
      return;
    }
    server.close().syncUninterruptibly();
    open.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
