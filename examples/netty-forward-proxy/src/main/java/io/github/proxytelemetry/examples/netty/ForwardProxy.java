package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A forward proxy for {@code CONNECT} and for absolute http URLs. */
final class ForwardProxy implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final long STOP_SECONDS = 5;

  private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final InetSocketAddress listen;
  private final OriginConnector origins;
  private final ChannelFuture bound;

  ForwardProxy(ProxyOptions options, ProxyTelemetry telemetry) {
    this.listen = options.listen();
    NettyTelemetry netty = NettyTelemetry.create(telemetry); // telemetry
    this.origins = new OriginConnector(netty, options.blocked(), options.timeout());
    this.bound =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new ClientHandler(origins));
                    netty.installServer(client.pipeline()); // telemetry: the last line
                  }
                })
            .bind(listen.getHostString(), listen.getPort());
  }

  /** Waits until clients can come in. */
  void awaitStart() throws IOException, InterruptedException {
    if (!bound.await().isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + listen.getHostString()
              + ':'
              + listen.getPort()
              + "; choose another port with --listen or PROXY_LISTEN, or port 0 for a free one",
          bound.cause());
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** Closes every connection, and waits until that is done. */
  @Override
  public void close() {
    bound.channel().close().awaitUninterruptibly();
    group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    origins.close();
  }
}
