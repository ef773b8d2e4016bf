package io.github.proxytelemetry.benchmarks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** The same answer to every request, in a message of its own, whose body can be sent once. */
final class FreshAnswer extends ChannelInboundHandlerAdapter {
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Who asked sees whether it arrived.
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    boolean complete = msg instanceof LastHttpContent;
    ReferenceCountUtil.release(msg);
    if (complete) {
      ctx.writeAndFlush(Messages.response());
    }
  }
}
