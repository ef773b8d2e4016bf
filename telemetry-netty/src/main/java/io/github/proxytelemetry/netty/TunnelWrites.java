package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Counts what is written to a tunnel's upstream where the transport cannot be asked: behind TLS,
 * and on a stream of HTTP/2. Each write counts when it succeeds, and as a whole.
 */
final class TunnelWrites extends ChannelOutboundHandlerAdapter
    implements ChannelFutureListener, TunnelOutlet.Place {
  private final TunnelOutlet outlet;
  private final LongRing pending = new LongRing();

  TunnelWrites(TunnelOutlet outlet) {
    this.outlet = outlet;
  }

  @Override
  public boolean isWaiting() {
    return pending.size() > 0;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    long bytes =
        msg instanceof ByteBufHolder frame ? frame.content().readableBytes() : Sizes.ofBytes(msg);
    ChannelPromise end = promise;
    if (bytes > 0) {
      if (promise.isVoid()) {
        outlet.taken(bytes);
      } else {
        pending.add(bytes);
        end = Promises.listen(promise, this);
      }
    }
    super.write(ctx, msg, end);
  }

  @Override
  public void operationComplete(ChannelFuture written) {
    long bytes = pending.removeFirst();
    if (written.isSuccess()) {
      outlet.taken(bytes);
    }
    if (pending.size() == 0) {
      outlet.settled();
    }
  }
}
