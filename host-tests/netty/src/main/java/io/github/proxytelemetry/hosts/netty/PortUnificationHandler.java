package io.github.proxytelemetry.hosts.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

/**
 * Netty's example of port unification: the first bytes of a connection decide on its handlers, for
 * TLS, HTTP/1.1 or HTTP/2, and again behind TLS.
 */
final class PortUnificationHandler extends ByteToMessageDecoder {
  private static final int ENOUGH = 5;

  private final SslContext tls;
  private final Relays relays;
  private final boolean detectsTls;

  PortUnificationHandler(SslContext tls, Relays relays) {
    this(tls, relays, true);
  }

  private PortUnificationHandler(SslContext tls, Relays relays, boolean detectsTls) {
    this.tls = tls;
    this.relays = relays;
    this.detectsTls = detectsTls;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < ENOUGH) {
      return;
    }
    ChannelPipeline pipeline = ctx.pipeline();
    if (detectsTls && SslHandler.isEncrypted(in, false)) {
      pipeline.addLast("tls", tls.newHandler(ctx.alloc()));
      pipeline.addLast("unification", new PortUnificationHandler(tls, relays, false));
    } else if (isHttp2(in)) {
      addHttp2(pipeline, relays);
    } else {
      pipeline.addLast("decoder", new HttpRequestDecoder());
      pipeline.addLast("encoder", new HttpResponseEncoder());
      pipeline.addLast("handler", relays.handler());
    }
    pipeline.remove(this);
  }

  static void addHttp2(ChannelPipeline pipeline, Relays relays) {
    pipeline.addLast(Http2FrameCodecBuilder.forServer().build());
    pipeline.addLast(new Http2MultiplexHandler(streams(relays)));
  }

  static ChannelInitializer<Channel> streams(Relays relays) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
        stream.pipeline().addLast(relays.handler());
      }
    };
  }

  /** No method of HTTP/1.1 begins like the connection preface. */
  private static boolean isHttp2(ByteBuf in) {
    ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    return in.slice(in.readerIndex(), ENOUGH).equals(preface.slice(0, ENOUGH));
  }
}
