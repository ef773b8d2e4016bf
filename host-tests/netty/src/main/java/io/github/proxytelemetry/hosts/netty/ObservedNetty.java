package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Proxy on Netty whose clients' pipelines begin as one of the {@link Shape shapes}. */
final class ObservedNetty implements AutoCloseable {
  /** First handlers of a client's pipeline. */
  @FunctionalInterface
  interface Shape {
    void addTo(Channel client, Relays relays);
  }

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;

  ObservedNetty(ProxyTelemetry telemetry, Upstream origin, Shape shape) {
    NettyTelemetry netty = NettyTelemetry.create(telemetry);
    Relays relays = new Relays(netty, origin, open);
    listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    open.add(client);
                    shape.addTo(client, relays);
                    netty.installServer(client.pipeline());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    open.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
