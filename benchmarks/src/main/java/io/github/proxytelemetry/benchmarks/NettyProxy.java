package io.github.proxytelemetry.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.ChannelPool;
import io.netty.channel.pool.SimpleChannelPool;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A proxy of one event loop on Netty: forwards over HTTP/1.1 what comes as HTTP/1.1 or HTTP/2, with
 * a pool of connections, and opens tunnels to the same origin.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Who asked sees whether it arrived.
final class NettyProxy implements ProxyHost {
  private static final int MAX_BODY = 1 << 16;

  private final Instrumentation instrumentation;
  private final EventLoopGroup loop = Network.eventLoop();
  private final InetSocketAddress origin;
  private final ChannelPool upstreams;
  private final int http1;
  private final int http2;

  NettyProxy(Instrumentation instrumentation, int origin) {
    this.instrumentation = instrumentation;
    this.origin = new InetSocketAddress(InetAddress.getLoopbackAddress(), origin);
    this.upstreams =
        new SimpleChannelPool(
            bootstrap(),
            new AbstractChannelPoolHandler() {
              @Override
              public void channelCreated(Channel ch) {
                ch.pipeline().addLast(new HttpClientCodec());
                instrumentation.installUpstream(ch.pipeline());
                ch.pipeline().addLast(new HttpObjectAggregator(MAX_BODY));
              }
            });
    this.http1 = Network.listen(loop, this::http1);
    this.http2 = Network.listen(loop, this::http2);
  }

  @Override
  public int http1() {
    return http1;
  }

  @Override
  public int http2() {
    return http2;
  }

  @Override
  public void verify(long requests, long tunnels) {
    instrumentation.verify(requests, requests, tunnels);
  }

  @Override
  public void close() {
    loop.shutdownGracefully();
    instrumentation.close();
  }

  private Bootstrap bootstrap() {
    return new Bootstrap().group(loop).channel(NioSocketChannel.class).remoteAddress(origin);
  }

  private void http1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec());
    instrumentation.installServer(pipeline);
    addRequests(pipeline);
  }

  private void http2(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer().build(),
        new Http2MultiplexHandler(Network.filling(this::stream)));
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

  /** Sends requests on. */
  private final class Front extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      FullHttpRequest request = (FullHttpRequest) message;
      if (request.method().equals(HttpMethod.CONNECT)) {
        request.release();
        connect(ctx);
        return;
      }
      boolean last = !HttpUtil.isKeepAlive(request);
      if (last) {
        request.headers().remove(HttpHeaderNames.CONNECTION);
      }
      upstreams.acquire().addListener((Future<Channel> found) -> send(ctx, found, request, last));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    private void send(
        ChannelHandlerContext ctx, Future<Channel> found, FullHttpRequest request, boolean last) {
      if (!found.isSuccess()) {
        request.release();
        ctx.close();
        return;
      }
      Channel upstream = found.getNow();
      upstream.pipeline().addLast(new Back(ctx.channel(), last));
      instrumentation.forward(ctx.channel(), upstream, request);
    }

    private void connect(ChannelHandlerContext ctx) {
      Channel client = ctx.channel();
      ChannelFuture dialled =
          bootstrap()
              .handler(
                  Network.filling(
                      upstream -> {
                        upstream.addLast(new Relay(client));
                        instrumentation.installTunnel(client, upstream);
                      }))
              .connect();
      dialled.addListener(
          done -> {
            if (!done.isSuccess()) {
              ctx.close();
              return;
            }
            instrumentation.bindTunnel(client, dialled.channel());
            ctx.writeAndFlush(Messages.established())
                .addListener(written -> becomeTunnel(ctx.pipeline(), dialled.channel()));
          });
    }

    private void becomeTunnel(ChannelPipeline client, Channel upstream) {
      if (!client.channel().isActive()) {
        upstream.close();
        return;
      }
      client.addLast(new Relay(upstream));
      client.remove(this);
      client.remove(HttpObjectAggregator.class);
      client.remove(HttpServerCodec.class);
    }
  }

  /** Sends a response back, and gives its connection back to the pool. */
  private final class Back extends ChannelInboundHandlerAdapter {
    private final Channel downstream;
    private final boolean last;

    Back(Channel downstream, boolean last) {
      this.downstream = downstream;
      this.last = last;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object response) {
      ctx.pipeline().remove(this);
      upstreams.release(ctx.channel());
      if (last) {
        ((FullHttpResponse) response)
            .headers()
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        downstream.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
      } else {
        downstream.writeAndFlush(response);
      }
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

  /** One direction of a tunnel. */
  private static final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Relay(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      other.writeAndFlush(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      other.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
