package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sizes of a connection's writes that the transport has not passed to the network yet.
 *
 * <p>Each write is one entry of the channel's {@link ChannelOutboundBuffer}, in the same order. So
 * the number of entries left there and the progress of the first give the bytes taken exactly,
 * without a promise. They are read when a flush returns, which usually has taken everything.
 *
 * <p>A closed channel has no such buffer. Where writes are tracked, the current one is retained, so
 * that its reader index still shows its progress.
 */
final class FlushedBytes {
  private final LongRing sizes = new LongRing();
  private int unflushed;
  private long waiting;
  private long takenOfFirst;
  private boolean stuck;
  private boolean tracking;
  private @Nullable ByteBuf current;
  private boolean closed;

  /** Whether any write has not been taken yet, as far as is known. */
  boolean isWaiting() {
    return sizes.size() > 0;
  }

  /** Whether flushed writes were left at the last {@link #taken}: the send buffer is full. */
  boolean isStuck() {
    return stuck;
  }

  /** Whether the next write needs a listener on its promise. */
  boolean needsListeners() {
    return tracking || stuck;
  }

  /**
   * Tracks every further write, also those that are lost with the channel.
   *
   * @return the bytes written before that have not been taken
   */
  long track() {
    tracking = true;
    return waiting;
  }

  /** A message is about to be written, even one of no bytes: it becomes an entry as well. */
  void written(long bytes) {
    sizes.add(bytes);
    waiting += bytes;
    unflushed++;
  }

  /** Everything written so far is about to be flushed. */
  void flushing() {
    unflushed = 0;
  }

  /** Returns the bytes taken since the last call; bytes lost with the channel never count. */
  long taken(Channel channel) {
    if (sizes.size() == 0) {
      return 0;
    }
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (closed || buffer == null) {
      long last = current == null ? 0 : sizes.first() - takenOfFirst - current.readableBytes();
      clear();
      return last;
    }
    int left = buffer.size() + unflushed;
    if (!channel.isActive()) {
      // A flush before the connection is established fails its writes.
      if (left == 0) {
        clear();
      }
      return 0;
    }
    long before = waiting;
    if (left == 0) {
      clear();
      return before;
    }
    while (sizes.size() > left) {
      waiting -= sizes.removeFirst() - takenOfFirst;
      takenOfFirst = 0;
    }
    stuck = sizes.size() > unflushed;
    if (stuck) {
      long progress = Math.min(buffer.currentProgress(), sizes.first());
      if (progress > takenOfFirst) {
        waiting -= progress - takenOfFirst;
        takenOfFirst = progress;
      }
      if (tracking) {
        retain(buffer.current());
      }
    } else {
      retain(null);
    }
    return before - waiting;
  }

  /** Forgets all writes and ignores further ones. */
  void close() {
    closed = true;
    clear();
  }

  private void retain(@Nullable Object message) {
    if (current == message) {
      return;
    }
    if (current != null) {
      current.release();
    }
    current = message instanceof ByteBuf bytes ? bytes.retain() : null;
  }

  private void clear() {
    if (current != null) {
      retain(null);
    }
    sizes.clear();
    unflushed = 0;
    waiting = 0;
    takenOfFirst = 0;
    stuck = false;
  }
}
