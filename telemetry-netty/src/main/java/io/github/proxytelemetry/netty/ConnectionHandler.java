package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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
  final WarningLog log;
  final FlushedBytes flushed = new FlushedBytes();
  private @Nullable ConnectionListener listener;
  private boolean watching;

  ConnectionHandler(WarningLog log) {
    this.log = log;
  }

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

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    ChannelPromise end = promise;
    try {
      if (flushed.needsListeners() && !promise.isVoid()) {
        end = Promises.listen(promise, this);
      }
      flushed.written(MessageSizes.ofBytes(msg));
    } catch (RuntimeException | Error failure) {
      log.adapterFailed(failure);
    }
    super.write(ctx, msg, end);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    flushed.flushing();
    ctx.flush();
    try {
      readProgress(ctx.channel());
      if (flushed.isStuck() && !watching) {
        watch(ctx);
      }
      if (listener != null) {
        listener.flushed();
      }
    } catch (RuntimeException | Error failure) {
      log.adapterFailed(failure);
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
      log.adapterFailed(failure);
    }
  }

  /** Counts the bytes that the transport has passed to the network since the last call. */
  void readProgress(Channel channel) {
    long bytes = flushed.taken(channel);
    if (bytes > 0) {
      bytesWritten(bytes);
    }
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
      if (!flushed.isStuck()) {
        watching = false;
        ctx.pipeline().remove(this);
      }
      ctx.fireChannelReadComplete();
    }
  }
}
