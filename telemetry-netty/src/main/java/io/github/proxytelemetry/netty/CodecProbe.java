package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.util.function.Predicate;

/**
 * Temporary last handler of a pipeline without an HTTP codec. A host that selects the protocol by
 * the first bytes adds the codec behind this handler, and then passes on those bytes. So the codec
 * is found before it has read them.
 */
final class CodecProbe extends ChannelInboundHandlerAdapter {
  private final Predicate<ChannelPipeline> search;

  /**
   * @param search looks for a codec; returns whether to search on
   */
  CodecProbe(Predicate<ChannelPipeline> search) {
    this.search = search;
  }

  @Override
  public boolean isSharable() {
    // Netty demands this of handlers that change their place.
    return true;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf) {
      ChannelPipeline pipeline = ctx.pipeline();
      boolean searchOn = search.test(pipeline);
      boolean last = pipeline.last() == this;
      if (!searchOn || !last) {
        pipeline.remove(this);
      }
      if (searchOn && !last) {
        pipeline.addLast(this);
      }
    }
    ctx.fireChannelRead(msg);
  }
}
