package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages whose last write has not completed yet, oldest first.
 *
 * <p>Only a slow network or pipelining leads here. Netty holds a larger object for each such write,
 * so the queue needs no bound of its own.
 *
 * @param <T> the observation that a message belongs to
 */
final class PendingWrites<T> {
  private final BiConsumer<T, @Nullable Throwable> completed;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();

  /**
   * @param completed called once for each message, with the failure of its write or {@code null}
   */
  PendingWrites(BiConsumer<T, @Nullable Throwable> completed) {
    this.completed = completed;
  }

  /** Adds a message; returns the listener for the promise of its last write. */
  ChannelFutureListener add(T item) {
    Entry entry = new Entry(item);
    entries.add(entry);
    return entry;
  }

  /** Removes the oldest message; its completion is then ignored. */
  @Nullable T removeFirst() {
    Entry oldest = entries.poll();
    return oldest == null ? null : oldest.item;
  }

  private final class Entry implements ChannelFutureListener {
    private final T item;

    Entry(T item) {
      this.item = item;
    }

    @Override
    public void operationComplete(ChannelFuture future) {
      if (entries.remove(this)) {
        completed.accept(item, future.cause());
      }
    }
  }
}
