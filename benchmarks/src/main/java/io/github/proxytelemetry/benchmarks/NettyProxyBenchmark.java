package io.github.proxytelemetry.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import org.openjdk.jmh.annotations.Benchmark;

/** One request through a reverse proxy whose connections, on both sides, stay open. */
public class NettyProxyBenchmark extends PipelineBenchmark {
  // Arrays, because they are what is read: one made for each call would count as telemetry's as
  // soon
  // as the compiler can no longer leave it out.
  private final Object[] request = {Messages.request()};
  private final Object[] response = {Messages.response()};
  private final EmbeddedChannel downstream = new EmbeddedChannel();
  private final EmbeddedChannel upstream = new EmbeddedChannel();

  /**
   * One exchange with one attempt.
   *
   * @return the response that the client gets
   */
  @Benchmark
  public Object exchange() {
    return work();
  }

  @Override
  void open() {
    downstream.pipeline().addLast(new HttpServerCodec());
    instrumentation.installServer(downstream.pipeline());
    downstream.pipeline().remove(HttpServerCodec.class);
    downstream.pipeline().addLast(new Front(instrumentation, upstream));
    upstream.pipeline().addLast(new HttpClientCodec());
    instrumentation.installUpstream(upstream.pipeline());
    upstream.pipeline().remove(HttpClientCodec.class);
    upstream.pipeline().addLast(new Back(downstream));
  }

  @Override
  Object work() {
    downstream.writeInbound(request);
    Instrumentation.require(upstream.readOutbound() != null, "no request went upstream");
    upstream.writeInbound(response);
    return downstream.readOutbound();
  }

  @Override
  boolean isProxied() {
    return true;
  }

  @Override
  void close() {
    downstream.finishAndReleaseAll();
    upstream.finishAndReleaseAll();
  }

  /** Sends requests on, as a message of its own: trace headers are written on it. */
  private static final class Front extends ChannelInboundHandlerAdapter {
    private final Instrumentation instrumentation;
    private final Channel upstream;
    private final FullHttpRequest forwarded = Messages.request();

    Front(Instrumentation instrumentation, Channel upstream) {
      this.instrumentation = instrumentation;
      this.upstream = upstream;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      instrumentation.forward(ctx.channel(), upstream, forwarded);
    }
  }

  /** Sends responses back. */
  private static final class Back extends ChannelInboundHandlerAdapter {
    private final Channel downstream;

    Back(Channel downstream) {
      this.downstream = downstream;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The benchmark reads what was written.
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      downstream.writeAndFlush(msg);
    }
  }
}
