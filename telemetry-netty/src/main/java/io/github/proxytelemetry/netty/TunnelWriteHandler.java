package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Handler that counts writes to a tunnel's upstream where the outbound buffer does not show them:
 * behind TLS and on a stream of HTTP/2. A write counts as a whole, when it succeeds.
 */
final class TunnelWriteHandler extends ChannelOutboundHandlerAdapter
    implements ChannelFutureListener, TunnelUpstream.Writes {
  private final TunnelUpstream tunnel;
  private final LongRing pending = new LongRing();

  TunnelWriteHandler(TunnelUpstream tunnel) {
    this.tunnel = tunnel;
  }

  @Override
  public boolean areWaiting() {
    return pending.size() > 0;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    long bytes =
        msg instanceof ByteBufHolder frame
            ? frame.content().readableBytes()
            : MessageSizes.ofBytes(msg);
    ChannelPromise end = promise;
    if (bytes > 0 && promise.isVoid()) {
      tunnel.written(bytes);
    } else if (bytes > 0) {
      pending.add(bytes);
      end = Promises.listen(promise, this);
    }
    super.write(ctx, msg, end);
  }

  @Override
  public void operationComplete(ChannelFuture write) {
    long bytes = pending.removeFirst();
    if (write.isSuccess()) {
      tunnel.written(bytes);
    }
    if (pending.size() == 0) {
      tunnel.settled();
    }
  }
}
