package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * First handler in the pipeline of a connection. It counts bytes written once the transport has
 * passed them to the network.
 *
 * <p>Usually that has happened when a flush returns. Only while the socket's send buffer is full
 * does this handler listen to the promises of further writes, because the transport then writes on
 * without an event in the pipeline. Progress is read at each event, at the end of each of those
 * writes, and before the connection is closed.
 */
abstract class ConnectionHandler extends ChannelDuplexHandler implements ChannelFutureListener {
  private @Nullable ConnectionListener listener;

  /**
   * Bytes written that have not been taken as far as is known, unless {@link #tracked} knows more.
   * Apart from the time of a flush, none of them has been flushed.
   */
  private long waiting;

  private int unflushed;
  private boolean watching;
  private boolean over;

  /** Only while the send buffer is full, or for a tunnel: an idle connection has none. */
  private @Nullable TrackedWrites tracked;

  abstract WarningLog log();

  /** The transport has passed that many more bytes to the network. */
  abstract void bytesWritten(long bytes);

  /** Sets the handler of the connection's requests. */
  final void setListener(ConnectionListener requests) {
    listener = requests;
  }

  final @Nullable ConnectionListener listener() {
    return listener;
  }

  /** Each instance serves one channel; Netty demands this of handlers that change their place. */
  @Override
  public final boolean isSharable() {
    return true;
  }

  /**
   * Tracks every further write, also those that are lost with the channel.
   *
   * @return the bytes written before that have not been taken
   */
  final long trackForTunnel(Channel channel) {
    TrackedWrites writes = tracked;
    if (writes == null) {
      readProgress(channel);
      writes = tracked == null ? TrackedWrites.ofUnflushed(unflushed, waiting) : tracked;
      tracked = writes;
      waiting = 0;
      unflushed = 0;
    }
    writes.keepForTunnel();
    return writes.waiting();
  }

  /** Whether any write has not been taken yet, as far as is known. */
  final boolean isWaiting() {
    return tracked == null ? unflushed > 0 : tracked.isWaiting();
  }

  /** No write counts any more; returns false if that has been so already. */
  final boolean endWrites() {
    boolean first = !over;
    over = true;
    if (tracked != null) {
      tracked.clear();
      tracked = null;
    }
    return first;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    ChannelPromise end = promise;
    try {
      if (!over) {
        end = countWrite(ctx.channel(), msg, promise);
      }
    } catch (RuntimeException | Error failure) {
      log().adapterFailed(failure);
    }
    super.write(ctx, msg, end);
  }

  private ChannelPromise countWrite(Channel channel, Object msg, ChannelPromise promise) {
    if (waiting > 0 && unflushed == 0) {
      // A listener writes while a flush takes what was written before.
      readProgress(channel);
    }
    long bytes = MessageSizes.ofBytes(msg);
    if (tracked == null) {
      waiting += bytes;
      unflushed++;
      return promise;
    }
    boolean listen = tracked.needsListeners() && !promise.isVoid();
    ChannelPromise end = listen ? Promises.listen(promise, this) : promise;
    tracked.written(bytes);
    return end;
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    unflushed = 0;
    if (tracked != null) {
      tracked.flushing();
    }
    ctx.flush();
    try {
      readProgress(ctx.channel());
      if (!watching && tracked != null && tracked.isStuck()) {
        watch(ctx);
      }
      if (listener != null) {
        listener.flushed();
      }
    } catch (RuntimeException | Error failure) {
      log().adapterFailed(failure);
    }
  }

  @Override
  public void operationComplete(ChannelFuture write) {
    checkProgress(write.channel());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    checkProgress(ctx.channel());
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    checkProgress(ctx.channel());
    super.close(ctx, promise);
  }

  /** Reads progress where a failure must not keep the event from being passed on. */
  final void checkProgress(Channel channel) {
    try {
      readProgress(channel);
    } catch (RuntimeException | Error failure) {
      log().adapterFailed(failure);
    }
  }

  /** Counts the bytes that the transport has passed to the network since the last call. */
  void readProgress(Channel channel) {
    long bytes = over ? 0 : taken(channel);
    if (bytes > 0) {
      bytesWritten(bytes);
    }
  }

  private long taken(Channel channel) {
    if (tracked != null) {
      long bytes = tracked.taken(channel);
      if (tracked.isDone()) {
        tracked = null;
      }
      return bytes;
    }
    if (unflushed > 0 || waiting == 0) {
      return 0;
    }
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long before = waiting;
    waiting = 0;
    if (buffer == null || !channel.isActive()) {
      // They were lost with the channel, or failed because it is not connected yet.
      return 0;
    }
    if (buffer.isEmpty()) {
      return before;
    }
    tracked = TrackedWrites.ofFlushed(buffer);
    return before - tracked.waiting();
  }

  private void watch(ChannelHandlerContext ctx) {
    try {
      ctx.pipeline().addBefore(ctx.name(), null, new ProgressWatch());
      watching = true;
    } catch (NoSuchElementException removed) {
      // Another thread has just removed this handler; handlerRemoved follows and ends everything.
    }
  }

  /** Present only while the send buffer is full, so that other events need not pass it. */
  private final class ProgressWatch extends ChannelInboundHandlerAdapter {
    /** Also fired right before the transport closes a connection that the peer has closed. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      checkProgress(ctx.channel());
      if (tracked == null || !tracked.isStuck()) {
        watching = false;
        ctx.pipeline().remove(this);
      }
      ctx.fireChannelReadComplete();
    }
  }
}
