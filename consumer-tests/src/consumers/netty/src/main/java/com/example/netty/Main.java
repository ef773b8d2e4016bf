package com.example.netty;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Consumer;

/** A proxy of Netty's, and one request to it. */
public final class Main {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  public static void main(String[] args) throws Exception {
    HttpServer origin = HttpServer.create(ANY, 0);
    origin.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    origin.start();
    var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("consumer").prometheus("127.0.0.1", 0).build()) {
      NettyTelemetry netty = NettyTelemetry.create(telemetry);
      Upstream upstream = Upstream.of("127.0.0.1", origin.getAddress().getPort());
      Channel proxy =
          new ServerBootstrap()
              .group(group)
              .channel(NioServerSocketChannel.class)
              .childHandler(server(netty, upstream))
              .bind(ANY)
              .sync()
              .channel();
      HttpResponse<String> answer = get((InetSocketAddress) proxy.localAddress());
      System.out.println(answer.headers().firstValue("Server-Timing").isPresent());
      InetSocketAddress metrics = telemetry.prometheusAddress("prometheus");
      // The client may be answered before the proxy has counted the end of the attempt.
      while (!get(metrics).body().contains("attempts_total{outcome=\"success\"} 1.0")) {
        Thread.onSpinWait();
      }
      System.out.println("counted");
    } finally {
      group.shutdownGracefully();
      origin.stop(0);
    }
  }

  private static ChannelInitializer<Channel> server(NettyTelemetry netty, Upstream upstream) {
    return initializer(
        client -> {
          client.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1000));
          client.pipeline().addLast(reader(request -> forward(netty, upstream, client, request)));
          netty.installServer(client.pipeline());
        });
  }

  private static void forward(
      NettyTelemetry netty, Upstream destination, Channel client, FullHttpMessage request) {
    var attempt = NettyTelemetry.exchange(client).startAttempt(destination);
    ChannelFuture dial =
        new Bootstrap()
            .group(client.eventLoop())
            .channel(NioSocketChannel.class)
            .handler(
                initializer(
                    upstream -> {
                      upstream.pipeline().addLast(new HttpClientCodec());
                      upstream.pipeline().addLast(new HttpObjectAggregator(1000));
                      upstream.pipeline().addLast(reader(client::writeAndFlush));
                      netty.installUpstream(upstream.pipeline(), attempt);
                    }))
            .connect(destination.host(), destination.port());
    dial.addListener(done -> dial.channel().writeAndFlush(request));
  }

  private static ChannelInitializer<Channel> initializer(Consumer<Channel> initialize) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        initialize.accept(channel);
      }
    };
  }

  private static SimpleChannelInboundHandler<FullHttpMessage> reader(Consumer<FullHttpMessage> to) {
    return new SimpleChannelInboundHandler<>(false) {
      @Override
      protected void channelRead0(ChannelHandlerContext context, FullHttpMessage message) {
        to.accept(message);
      }
    };
  }

  private static HttpResponse<String> get(InetSocketAddress address) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
