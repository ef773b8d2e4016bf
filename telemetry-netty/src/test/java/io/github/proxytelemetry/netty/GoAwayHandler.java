package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.util.ReferenceCountUtil;

/** Marks a connection that accepts no more streams. */
@SuppressWarnings("FutureReturnValueIgnored")
final class GoAwayHandler extends ChannelInboundHandlerAdapter {
  private boolean going;

  static boolean isGoing(Channel connection) {
    GoAwayHandler handler = connection.pipeline().get(GoAwayHandler.class);
    return handler == null || handler.going;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    going |= msg instanceof Http2GoAwayFrame;
    ReferenceCountUtil.release(msg);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
