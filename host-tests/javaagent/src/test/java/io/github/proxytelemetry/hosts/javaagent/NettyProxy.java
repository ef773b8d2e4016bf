package io.github.proxytelemetry.hosts.javaagent;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Proxy on Netty, with a connection to the origin for each request. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write releases its message
final class NettyProxy implements Proxy {
  private static final int BODY = 1 << 20;

  private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final NettyTelemetry netty;
  private final Upstream origin;
  private final Channel listener;

  NettyProxy(ProxyTelemetry telemetry, String address) throws InterruptedException {
    this.netty = NettyTelemetry.create(telemetry);
    String[] parts = address.split(":", 2);
    this.origin = Upstream.named("origin", parts[0], Integer.parseInt(parts[1]));
    this.listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(BODY),
                            reader(request -> forward(client, request)));
                    netty.installServer(client.pipeline());
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    loops.shutdownGracefully().syncUninterruptibly();
  }

  private void forward(Channel client, FullHttpMessage request) {
    var attempt = NettyTelemetry.exchange(client).startAttempt(origin);
    var dial = new Bootstrap().group(client.eventLoop()).channel(NioSocketChannel.class);
    dial.handler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel upstream) {
            upstream
                .pipeline()
                .addLast(
                    new HttpClientCodec(),
                    new HttpObjectAggregator(BODY),
                    reader(response -> answer(client, response)));
            netty.installUpstream(upstream.pipeline(), attempt);
          }
        });
    ChannelFuture connected = dial.connect(origin.host(), origin.port());
    connected.addListener(done -> connected.channel().writeAndFlush(request));
  }

  private static void answer(Channel client, FullHttpMessage response) {
    client.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private static SimpleChannelInboundHandler<FullHttpMessage> reader(Consumer<FullHttpMessage> to) {
    return new SimpleChannelInboundHandler<>(false) {
      @Override
      protected void channelRead0(ChannelHandlerContext ctx, FullHttpMessage message) {
        message.headers().set("Connection", "close");
        to.accept(message);
      }
    };
  }
}
