package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.NoSuchElementException;

/**
 * Observes a connection from the first place of its pipeline, and counts what is written there once
 * the network has taken it.
 *
 * <p>As a rule that is known when the flush comes back. Only while the network is full are the
 * promises of further writes listened to, all by this one listener: the transport goes on without
 * telling the pipeline. What has left is then known at each event, at the end of each of those
 * writes, and before the connection is closed.
 */
abstract class ConnectionHandler extends ChannelDuplexHandler implements ChannelFutureListener {
  final FlushedBytes flushed = new FlushedBytes();
  private boolean watching;

  /** The network has taken that many more bytes. */
  abstract void bytesWritten(long bytes);

  /** Whether it has to be known of each write when it is done. */
  boolean listensAlways() {
    return false;
  }

  /** All that was written has been looked at. */
  void looked() {}

  /**
   * A flush has come back: told to what observes HTTP, for which it then need not stand in line.
   */
  abstract void flushReturned();

  /** It serves one channel, and says otherwise only because it may have to change its place. */
  @Override
  public final boolean isSharable() {
    return true;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    ChannelPromise end =
        (flushed.isStuck() || listensAlways()) && !promise.isVoid()
            ? Promises.listen(promise, this)
            : promise;
    flushed.written(Sizes.ofBytes(msg));
    super.write(ctx, msg, end);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    flushed.flushing();
    ctx.flush();
    if (flushed.isWaiting()) {
      look(ctx.channel());
      if (!watching && flushed.isStuck()) {
        watch(ctx);
      }
    }
    flushReturned();
  }

  @Override
  public void operationComplete(ChannelFuture written) {
    look(written.channel());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    look(ctx.channel());
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    look(ctx.channel());
    super.close(ctx, promise);
  }

  /** Sees how far the network has come. */
  final void look(Channel channel) {
    if (flushed.isWaiting()) {
      long bytes = flushed.taken(channel, listensAlways());
      if (bytes > 0) {
        bytesWritten(bytes);
      }
      looked();
    }
  }

  private void watch(ChannelHandlerContext ctx) {
    try {
      ctx.pipeline().addBefore(ctx.name(), null, new Watch());
      watching = true;
    } catch (NoSuchElementException removed) {
      // By another thread, at any moment: we hear of it when this event is over, and end then.
    }
  }

  /** Is there while the network is full: as a rule no event has to pass it. */
  private final class Watch extends ChannelInboundHandlerAdapter {
    /** Comes also right before the transport closes a connection that the other side has left. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      look(ctx.channel());
      if (!flushed.isStuck()) {
        watching = false;
        ctx.pipeline().remove(this);
      }
      ctx.fireChannelReadComplete();
    }
  }
}
