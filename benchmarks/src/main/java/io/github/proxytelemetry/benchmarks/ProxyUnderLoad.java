package io.github.proxytelemetry.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.ChannelPool;
import io.netty.channel.pool.SimpleChannelPool;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * The process that {@link WholeProxy} measures: a reverse proxy of one event loop, with a port for
 * HTTP/1.1 and one for HTTP/2, in front of HTTP/1.1. A number on a line of its own on standard
 * input asks whether exactly so many requests were recorded; the end of the input ends it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Who asked sees whether it arrived.
final class ProxyUnderLoad {
  private static final int MAX_BODY = 1 << 16;

  private final Instrumentation instrumentation;
  private final EventLoopGroup loop;
  private final ChannelPool upstreams;

  private ProxyUnderLoad(Instrumentation instrumentation, EventLoopGroup loop, int origin) {
    this.instrumentation = instrumentation;
    this.loop = loop;
    this.upstreams =
        new SimpleChannelPool(
            new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .remoteAddress(InetAddress.getLoopbackAddress(), origin),
            new AbstractChannelPoolHandler() {
              @Override
              public void channelCreated(Channel ch) {
                ch.pipeline().addLast(new HttpClientCodec());
                instrumentation.installUpstream(ch.pipeline());
                ch.pipeline().addLast(new HttpObjectAggregator(MAX_BODY));
              }
            });
  }

  /** Takes the mode and the port of the origin; prints the two ports that it listens on. */
  public static void main(String[] arguments) throws IOException {
    EventLoopGroup loop = eventLoop();
    try (Instrumentation instrumentation = Instrumentation.start(arguments[0])) {
      ProxyUnderLoad proxy =
          new ProxyUnderLoad(instrumentation, loop, Integer.parseInt(arguments[1]));
      System.out.println(proxy.listen(proxy::http1));
      System.out.println(proxy.listen(proxy::http2));
      BufferedReader questions =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String line = questions.readLine(); line != null; line = questions.readLine()) {
        instrumentation.verify(Long.parseLong(line), true);
        System.out.println(line);
      }
    } finally {
      loop.shutdownGracefully();
    }
  }

  static EventLoopGroup eventLoop() {
    return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  /** Listens on a free port of the loopback address, and returns it. */
  static int listen(EventLoopGroup loop, ChannelHandler connections) {
    Channel listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(connections)
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

  private int listen(Pipelines pipelines) {
    return listen(loop, filling(pipelines));
  }

  private void http1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec());
    instrumentation.installServer(pipeline);
    addRequests(pipeline);
  }

  private void http2(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer().build(),
        new Http2MultiplexHandler(filling(this::stream)));
    instrumentation.installHttp2(pipeline);
  }

  private void stream(ChannelPipeline pipeline) {
    pipeline.addLast(new Http2StreamFrameToHttpObjectCodec(true));
    instrumentation.installStream(pipeline);
    addRequests(pipeline);
  }

  private void addRequests(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpObjectAggregator(MAX_BODY), new Front());
  }

  /** Puts handlers into the pipeline of a new channel. */
  interface Pipelines {
    void fill(ChannelPipeline pipeline);
  }

  /** Sends requests on. */
  private final class Front extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object request) {
      upstreams.acquire().addListener((Future<Channel> found) -> send(ctx, found, request));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    private void send(ChannelHandlerContext ctx, Future<Channel> found, Object request) {
      if (!found.isSuccess()) {
        ReferenceCountUtil.release(request);
        ctx.close();
        return;
      }
      Channel upstream = found.getNow();
      upstream.pipeline().addLast(new Back(ctx.channel()));
      instrumentation.forward(ctx.channel(), upstream, request);
    }
  }

  /** Sends a response back, and gives its connection back to the pool. */
  private final class Back extends ChannelInboundHandlerAdapter {
    private final Channel downstream;

    Back(Channel downstream) {
      this.downstream = downstream;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object response) {
      ctx.pipeline().remove(this);
      upstreams.release(ctx.channel());
      downstream.writeAndFlush(response);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      downstream.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
