package io.github.proxytelemetry.examples.reverse;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection to an upstream, which serves one request after the other. */
// It is closed, whatever comes of it.
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamHandler extends ChannelInboundHandlerAdapter {
  private @Nullable Forwarding forwarding;

  /** What comes now is for this request, or for nobody. */
  void serve(@Nullable Forwarding request) {
    forwarding = request;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (forwarding == null) {
      // Nobody asked for it, and whatever follows would be taken for an answer.
      ReferenceCountUtil.release(message);
      ctx.close();
    } else {
      forwarding.received(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (forwarding != null) {
      forwarding.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (forwarding != null && ctx.channel().isWritable()) {
      forwarding.upstreamWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
    ctx.close();
  }

  private void fail(@Nullable Throwable cause) {
    if (forwarding != null) {
      forwarding.broken(cause);
    }
  }
}
