package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;

/** Selection of the protocol of a client's connection. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Protocols {
  /** Cleartext: HTTP/1.1, the upgrade to HTTP/2, and HTTP/2 with prior knowledge. */
  static void addCleartext(ChannelPipeline pipeline, NettyProxyHost host) {
    HttpServerCodec codec = new HttpServerCodec();
    HttpServerUpgradeHandler upgrade =
        new HttpServerUpgradeHandler(
            codec,
            protocol ->
                AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)
                    ? new Http2ServerUpgradeCodec(frames(), streams(host), new Leftovers())
                    : null);
    pipeline.addLast(
        new CleartextHttp2ServerUpgradeHandler(
            codec,
            upgrade,
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel client) {
                ChannelPipeline added = client.pipeline();
                // Each is found by the one before it; the HTTP/1.1 handler is still behind them.
                added.addAfter(added.context(this).name(), "frames", frames());
                added.addAfter("frames", "streams", streams(host));
                added.addAfter("streams", null, new Leftovers());
              }
            }));
    pipeline.addLast(new FrontHandler(host, pipeline.channel()));
  }

  /** Selection by ALPN. */
  static ChannelHandler negotiated(NettyProxyHost host) {
    return new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
      @Override
      protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
          ctx.pipeline().addLast(frames(), streams(host), new Leftovers());
        } else {
          ctx.pipeline().addLast(new HttpServerCodec());
          ctx.pipeline().addLast(new FrontHandler(host, ctx.channel()));
        }
      }
    };
  }

  private static Http2FrameCodec frames() {
    Http2Settings settings = Http2Settings.defaultSettings().maxConcurrentStreams(100);
    // RFC 8441, section 3.
    settings.put((char) 8, Long.valueOf(1));
    return Http2FrameCodecBuilder.forServer().initialSettings(settings).build();
  }

  private static Http2MultiplexHandler streams(NettyProxyHost host) {
    return new Http2MultiplexHandler(
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel stream) {
            stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
            stream.pipeline().addLast(new FrontHandler(host, stream));
          }
        });
  }

  /** Drops frames of the connection, and removes the HTTP/1.1 handler. */
  private static final class Leftovers extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
      FrontHandler front = ctx.pipeline().get(FrontHandler.class);
      if (front != null) {
        ctx.pipeline().remove(front);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {

      ctx.close();
    }
  }

  private Protocols() {}
}
