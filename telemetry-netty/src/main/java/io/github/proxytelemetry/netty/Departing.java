package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages whose last byte was written and has not left yet, oldest first.
 *
 * <p>As a rule it leaves with the flush that follows, and then its promise is done without anybody
 * having listened: a listener costs more than all else that is recorded of the message. So a
 * promise is looked at when the write and when the flush come back, and only one that is still open
 * then is listened to.
 *
 * @param <T> the observation
 */
final class Departing<T> implements ChannelFutureListener {
  private final Supplier<@Nullable T> latest;
  private final BiConsumer<T, @Nullable Throwable> gone;
  private final InFlight<T, ChannelFuture> watched = new InFlight<>();
  private @Nullable ChannelPromise latestPromise;

  /**
   * @param latest what the message that was added last belongs to, as long as it is not settled
   * @param gone is told of each, once: with the failure of its write, or with {@code null}
   */
  Departing(Supplier<@Nullable T> latest, BiConsumer<T, @Nullable Throwable> gone) {
    this.latest = latest;
    this.gone = gone;
  }

  /** The next message begins: from now on it is what was added last. */
  void settle() {
    settle(true);
  }

  /** The last part of a message is about to be written; returns the promise to write it with. */
  ChannelPromise add(ChannelPromise promise) {
    ChannelPromise end = promise.unvoid();
    if (end.getClass() != DefaultChannelPromise.class) {
      T item = latest.get();
      if (item != null) {
        // Its key is not known yet, and need not be: writes complete in order.
        watched.add(item, end);
        return Promises.listen(end, this);
      }
    }
    latestPromise = end;
    return end;
  }

  /** The write came back. */
  void written() {
    settle(false);
  }

  /** A flush came back. */
  void flushed() {
    settle(true);
  }

  /** Takes out the oldest that has not been told of, where nothing more will come. */
  @Nullable T removeFirst() {
    settle(true);
    return watched.removeFirst();
  }

  /** The last byte of a message left, or never will. */
  @Override
  public void operationComplete(ChannelFuture future) {
    T item = watched.remove(future);
    if (item != null) {
      gone.accept(item, future.cause());
    }
  }

  private void settle(boolean watch) {
    ChannelPromise promise = latestPromise;
    T item = promise == null ? null : latest.get();
    if (item == null || promise == null) {
      return;
    }
    if (promise.isDone()) {
      latestPromise = null;
      gone.accept(item, promise.cause());
    } else if (watch) {
      latestPromise = null;
      watched.add(item, promise);
      promise.addListener(this);
    }
  }
}
