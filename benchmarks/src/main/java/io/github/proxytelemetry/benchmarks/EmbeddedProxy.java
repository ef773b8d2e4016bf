package io.github.proxytelemetry.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** One connection of a client, and one to an upstream, in memory and without sockets. */
final class EmbeddedProxy {
  private static final int MAX_BODY = 1 << 16;
  private static final ByteBuf REQUEST =
      bytes("GET /users/7?full=1 HTTP/1.1\r\nHost: proxy.test\r\nUser-Agent: benchmark/1\r\n\r\n");
  private static final ByteBuf RESPONSE = bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");

  private final EmbeddedChannel downstream = new EmbeddedChannel();
  private final EmbeddedUpstream upstream;

  /** A connection to an upstream, which may serve several clients in turn. */
  static final class EmbeddedUpstream {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private EmbeddedChannel client = channel;

    EmbeddedUpstream(Instrumentation instrumentation) {
      channel.pipeline().addLast(new HttpClientCodec());
      instrumentation.installUpstream(channel.pipeline());
      channel.pipeline().addLast(new HttpObjectAggregator(MAX_BODY), new Back());
    }

    /** Sends responses back. */
    private final class Back extends ChannelInboundHandlerAdapter {
      @Override
      @SuppressWarnings("FutureReturnValueIgnored") // The response is read from the channel.
      public void channelRead(ChannelHandlerContext ctx, Object response) {
        client.writeAndFlush(response);
      }
    }
  }

  EmbeddedProxy(Instrumentation instrumentation, EmbeddedUpstream upstream) {
    this.upstream = upstream;
    downstream.pipeline().addLast(new HttpServerCodec());
    instrumentation.installServer(downstream.pipeline());
    downstream
        .pipeline()
        .addLast(
            new HttpObjectAggregator(MAX_BODY),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object request) {
                instrumentation.forward(ctx.channel(), upstream.channel, request);
              }
            });
  }

  /** One request and its response; the connections stay open. */
  void exchange() {
    begin();
    finish();
  }

  /** A request, which goes upstream and is not answered yet. */
  void begin() {
    upstream.client = downstream;
    downstream.writeInbound(REQUEST.retainedDuplicate());
    Instrumentation.require(drain(upstream.channel), "no request went upstream");
  }

  /** The response. */
  void finish() {
    upstream.channel.writeInbound(RESPONSE.retainedDuplicate());
    Instrumentation.require(drain(downstream), "no response");
  }

  void close() {
    downstream.finishAndReleaseAll();
    upstream.channel.finishAndReleaseAll();
  }

  private static boolean drain(EmbeddedChannel channel) {
    boolean any = false;
    for (Object message = channel.readOutbound();
        message != null;
        message = channel.readOutbound()) {
      ReferenceCountUtil.release(message);
      any = true;
    }
    return any;
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.unreleasableBuffer(
        Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII).asReadOnly());
  }
}
