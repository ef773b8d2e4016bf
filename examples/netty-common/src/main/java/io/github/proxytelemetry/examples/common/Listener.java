package io.github.proxytelemetry.examples.common;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Accepts clients. */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final long STOP_SECONDS = 5;

  private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final InetSocketAddress listen;
  private final ChannelFuture bound;

  /**
   * Begins to listen.
   *
   * @param initializer puts handlers into the pipeline of a client's channel, which does not read
   *     unless it is asked to
   */
  public Listener(InetSocketAddress listen, Consumer<Channel> initializer) {
    this.listen = listen;
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
                    initializer.accept(client);
                  }
                })
            .bind(listen.getHostString(), listen.getPort());
  }

  /**
   * Waits until clients can come in.
   *
   * @throws IOException if the port is taken
   */
  public void awaitStart() throws IOException, InterruptedException {
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

  /** Where clients come in. */
  public InetSocketAddress address() {
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** Closes every connection of its event loops, and waits until that is done. */
  @Override
  public void close() {
    bound.channel().close().awaitUninterruptibly();
    group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
