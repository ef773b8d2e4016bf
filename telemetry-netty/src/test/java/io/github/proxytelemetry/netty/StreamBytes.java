package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/** Converts between the DATA frames of an HTTP/2 stream and bytes. */
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamBytes extends ChannelDuplexHandler {
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!(msg instanceof Http2DataFrame data)) {
      ReferenceCountUtil.release(msg);
      return;
    }
    ctx.fireChannelRead(data.content());
    if (data.isEndStream()) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof Http2ResetFrame)) {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    super.write(ctx, msg instanceof ByteBuf b ? new DefaultHttp2DataFrame(b) : msg, promise);
  }
}
