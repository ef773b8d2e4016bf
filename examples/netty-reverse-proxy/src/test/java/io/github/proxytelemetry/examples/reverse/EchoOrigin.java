package io.github.proxytelemetry.examples.reverse;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Sends every message of a WebSocket back. */
final class EchoOrigin implements AutoCloseable {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicLong messages = new AtomicLong();
  private final Channel server =
      new ServerBootstrap()
          .group(group)
          .channel(NioServerSocketChannel.class)
          .childHandler(
              new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel client) {
                  client
                      .pipeline()
                      .addLast(
                          new HttpServerCodec(),
                          new HttpObjectAggregator(1024),
                          new WebSocketServerProtocolHandler("/echo"),
                          new Echo());
                }
              })
          .bind("127.0.0.1", 0)
          .syncUninterruptibly()
          .channel();

  String authority() {
    return "127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort();
  }

  long messages() {
    return messages.get();
  }

  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Echo extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // What is not sent is missed by the page.
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame message) {
      messages.incrementAndGet();
      ctx.writeAndFlush(message.retain());
    }
  }
}
