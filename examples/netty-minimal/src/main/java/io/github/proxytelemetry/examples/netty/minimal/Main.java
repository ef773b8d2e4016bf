package io.github.proxytelemetry.examples.netty.minimal;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Promise;
import java.util.function.Consumer;

/** Minimal reverse proxy on Netty. Arguments: its port, the metrics' port, the origin's address. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write releases its message
public final class Main {
  public static void main(String[] arguments) throws Exception {
    int metrics = Integer.parseInt(arguments[1]);
    var telemetry = ProxyTelemetrySdk.builder("minimal").prometheus("127.0.0.1", metrics).build();
    start(telemetry, Integer.parseInt(arguments[0]), arguments[2].split(":", 2));
    System.out.println("proxy on http://127.0.0.1:" + arguments[0] + "/");
    System.out.println("metrics on http://127.0.0.1:" + metrics + "/metrics");
  }

  static Channel start(ProxyTelemetry telemetry, int port, String... address) throws Exception {
    NettyTelemetry netty = NettyTelemetry.create(telemetry);
    Upstream origin = Upstream.named("origin", address[0], Integer.parseInt(address[1]));
    var group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    var server = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class);
    server.childHandler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel client) {
            client.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20));
            client.pipeline().addLast(reader(read -> forward(netty, origin, client, read)));
            client.pipeline().addLast(closer());
            netty.installServer(client.pipeline()); // the last line
          }
        });
    return server.bind("127.0.0.1", port).sync().channel();
  }

  private static void forward(
      NettyTelemetry netty, Upstream origin, Channel client, FullHttpMessage request) {
    var attempt = NettyTelemetry.exchange(client).startAttempt(origin); // telemetry
    Promise<FullHttpMessage> response = client.eventLoop().newPromise();
    var bootstrap = new Bootstrap().group(client.eventLoop()).channel(NioSocketChannel.class);
    bootstrap.handler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel upstream) {
            upstream.pipeline().addLast(new HttpClientCodec(), noSwitch());
            upstream.pipeline().addLast(new HttpObjectAggregator(1 << 20));
            upstream.pipeline().addLast(reader(response::trySuccess));
            upstream.pipeline().addLast(closer());
            netty.installUpstream(upstream.pipeline(), attempt); // the last line
          }
        });
    var dial = bootstrap.connect(origin.host(), origin.port());
    dial.addListener(done -> dial.channel().writeAndFlush(request));
    var failure = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY);
    dial.channel().closeFuture().addListener(closed -> response.trySuccess(failure));
    response.addListener(
        done -> client.writeAndFlush(response.getNow()).addListener(ChannelFutureListener.CLOSE));
  }

  /** Takes a 101 for a failure: nothing here can forward another protocol. */
  private static ChannelInboundHandler noSwitch() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpResponse head && head.status().code() == 101) {
          ctx.close();
        } else {
          ctx.fireChannelRead(message);
        }
      }
    };
  }

  private static SimpleChannelInboundHandler<FullHttpMessage> reader(Consumer<FullHttpMessage> to) {
    return new SimpleChannelInboundHandler<>(false) {
      @Override
      protected void channelRead0(ChannelHandlerContext ctx, FullHttpMessage message) {
        ctx.pipeline().remove(this); // drops further messages
        message.headers().set("Connection", "close");
        to.accept(message);
      }
    };
  }

  private static ChannelInboundHandler closer() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void exceptionCaught(ChannelHandlerContext ctx, Throwable broken) {
        ctx.close();
      }
    };
  }

  private Main() {}
}
