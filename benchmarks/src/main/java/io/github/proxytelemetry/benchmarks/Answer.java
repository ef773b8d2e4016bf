package io.github.proxytelemetry.benchmarks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** The least a server can do: the same answer to every request. */
final class Answer extends ChannelInboundHandlerAdapter {
  private final FullHttpResponse response = Messages.response();

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The benchmark reads what was written.
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    boolean complete = msg instanceof LastHttpContent;
    ReferenceCountUtil.release(msg);
    if (complete) {
      ctx.writeAndFlush(response);
    }
  }
}
