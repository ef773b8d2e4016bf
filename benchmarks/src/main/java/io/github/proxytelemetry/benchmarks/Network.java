package io.github.proxytelemetry.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Event loops and listeners of Netty, on the loopback address. */
final class Network {
  /** Enough for all connections of a scenario at the same time. */
  private static final int BACKLOG = 4096;

  /** Puts handlers into the pipeline of a new channel. */
  interface Pipelines {
    void fill(ChannelPipeline pipeline);
  }

  static EventLoopGroup eventLoop() {
    return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  /** Listens on a free port, and returns it. */
  static int listen(EventLoopGroup loop, Pipelines pipelines) {
    Channel listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(filling(pipelines))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  static ChannelHandler filling(Pipelines pipelines) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel ch) {
        pipelines.fill(ch.pipeline());
      }
    };
  }

  private Network() {}
}
