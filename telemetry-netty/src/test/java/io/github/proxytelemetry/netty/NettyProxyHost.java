package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 proxy such as a user of this library has one: forward for absolute targets and
 * {@code CONNECT}, reverse for the others. It knows telemetry where a user would have to, and
 * nowhere else.
 */
final class NettyProxyHost implements AutoCloseable {
  static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  final NettyTelemetry telemetry;
  final @Nullable InetSocketAddress origin;
  final long readTimeoutMillis;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final Channel server;

  private NettyProxyHost(
      ProxyTelemetry telemetry,
      @Nullable InetSocketAddress origin,
      long readTimeoutMillis,
      @Nullable Supplier<ChannelHandler> tls) {
    this.telemetry = NettyTelemetry.create(telemetry);
    this.origin = origin;
    this.readTimeoutMillis = readTimeoutMillis;
    this.server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    if (tls != null) {
                      client.pipeline().addLast(tls.get());
                    }
                    client.pipeline().addLast(new HttpServerCodec());
                    client.pipeline().addLast(new FrontHandler(NettyProxyHost.this));
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
    return new NettyProxyHost(telemetry, origin, readTimeoutMillis, tls);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  Bootstrap dialler(Channel client, ChannelHandler initializer) {
    return new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
        .handler(initializer);
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
