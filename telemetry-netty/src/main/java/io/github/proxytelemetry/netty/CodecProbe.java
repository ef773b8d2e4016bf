package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObject;
import java.util.function.Predicate;

/**
 * Temporary handler behind each handler of a pipeline without an HTTP codec. A host that selects
 * the protocol by the first bytes adds the codec somewhere behind the handler that selects, and
 * then passes on those bytes. So the codec is found before it has read them.
 */
final class CodecProbe extends ChannelInboundHandlerAdapter {
  private final Predicate<ChannelPipeline> search;

  /** Whether it stays the last handler of its pipeline. */
  private final boolean last;

  private CodecProbe(Predicate<ChannelPipeline> search, boolean last) {
    this.search = search;
    this.last = last;
  }

  /**
   * Adds probes behind the handlers that follow another one.
   *
   * @param search looks for a codec; returns whether to search on
   */
  static void add(
      ChannelPipeline pipeline, ChannelHandler first, Predicate<ChannelPipeline> search) {
    boolean follows = false;
    for (var each : pipeline.toMap().entrySet()) {
      if (follows && each.getValue() != pipeline.last()) {
        pipeline.addAfter(each.getKey(), null, new CodecProbe(search, false));
      }
      follows |= each.getValue() == first;
    }
    pipeline.addLast(new CodecProbe(search, true));
  }

  @Override
  public boolean isSharable() {
    // Netty demands this of handlers that change their place.
    return true;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ChannelPipeline pipeline = ctx.pipeline();
    if (msg instanceof HttpObject || (msg instanceof ByteBuf && !search.test(pipeline))) {
      removeAll(pipeline);
    } else if (last && msg instanceof ByteBuf && pipeline.last() != this) {
      pipeline.remove(this);
      pipeline.addLast(this);
    }
    ctx.fireChannelRead(msg);
  }

  private static void removeAll(ChannelPipeline pipeline) {
    for (ChannelHandler each : pipeline.toMap().values()) {
      if (each instanceof CodecProbe) {
        pipeline.remove(each);
      }
    }
  }
}
