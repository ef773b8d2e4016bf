package io.github.proxytelemetry.examples.common;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** One direction of a tunnel: reads from its own channel only what the other one can take. */
// A write that fails closes its connection, and that is what is acted on.
@SuppressWarnings("FutureReturnValueIgnored")
public final class TunnelHandler extends ChannelInboundHandlerAdapter {
  private final Channel other;

  /** Carries to the other channel what is read from its own. */
  public TunnelHandler(Channel other) {
    this.other = other;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    other.write(bytes);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    other.flush();
    if (other.isWritable()) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      other.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    // After what was written before it.
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
