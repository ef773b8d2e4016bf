package io.github.proxytelemetry.hosts.grpc;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Proxy on Netty that relays frames: one connection to the origin for each client, and one stream
 * for each of the client's.
 */
final class NettyGrpcProxy implements GrpcProxy {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel server;
  final NettyTelemetry netty;
  final InetSocketAddress origin;

  NettyGrpcProxy(ProxyTelemetry telemetry, InetSocketAddress origin) {
    this.netty = NettyTelemetry.create(telemetry);
    this.origin = origin;
    this.server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    open.add(client);
                    GrpcUpstream upstream = new GrpcUpstream(NettyGrpcProxy.this);
                    client.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
                    client.pipeline().addLast(new Http2MultiplexHandler(streams(upstream)));
                    client.closeFuture().addListener(closed -> upstream.close());
                    netty.installServer(client.pipeline());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  /** Dials the origin; {@code initializer} fills the pipeline. */
  Bootstrap dialler(ChannelHandler initializer) {
    return new Bootstrap().group(loops).channel(NioSocketChannel.class).handler(initializer);
  }

  @Override
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    open.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static ChannelHandler streams(GrpcUpstream upstream) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel stream) {
        stream.pipeline().addLast(new FrameRelay(upstream));
      }
    };
  }
}
