package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What was written on a connection, and how much of it the network has taken.
 *
 * <p>Each write is one entry of the channel's {@link ChannelOutboundBuffer}, in the same order. So
 * the number of entries that are left there, and how far the first of them has come, say it to the
 * byte, without a promise. It is looked at when a flush comes back, which as a rule has taken
 * everything.
 *
 * <p>A closed channel has no such buffer any more. Whoever listens to every write keeps the one
 * that is being taken, so that it can be seen in the end how much of it was.
 */
final class FlushedBytes {
  private final LongRing sizes = new LongRing();
  private int unflushed;
  private long waiting;
  private long takenOfFirst;
  private @Nullable ByteBuf current;
  private boolean over;

  /** Whether anything was written that has not been taken yet, as far as is known. */
  boolean isWaiting() {
    return sizes.size() > 0;
  }

  /** Whether something is left that was flushed: the network is full. */
  boolean isStuck() {
    return sizes.size() > unflushed;
  }

  /** What has not been taken yet, in bytes. */
  long waiting() {
    return waiting;
  }

  /** Something is about to be written, be it without any bytes. */
  void written(long bytes) {
    sizes.add(bytes);
    waiting += bytes;
    unflushed++;
  }

  /** All that was written so far is about to be flushed. */
  void flushing() {
    unflushed = 0;
  }

  /**
   * How many bytes were taken since the last time. What is lost with a channel never was.
   *
   * @param keeping whether to keep the write that is being taken, which is let go when it has been
   */
  long taken(Channel channel, boolean keeping) {
    if (sizes.size() == 0) {
      return 0;
    }
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (over || buffer == null) {
      long last = current == null ? 0 : sizes.first() - takenOfFirst - current.readableBytes();
      forget();
      return last;
    }
    int left = buffer.size() + unflushed;
    if (!channel.isActive()) {
      // What is flushed before there is a connection fails.
      if (left == 0) {
        forget();
      }
      return 0;
    }
    if (left == 0) {
      long all = waiting;
      forget();
      return all;
    }
    long before = waiting;
    while (sizes.size() > left) {
      waiting -= sizes.removeFirst() - takenOfFirst;
      takenOfFirst = 0;
    }
    if (isStuck()) {
      long progress = Math.min(buffer.currentProgress(), sizes.first());
      if (progress > takenOfFirst) {
        waiting -= progress - takenOfFirst;
        takenOfFirst = progress;
      }
      if (keeping) {
        keep(buffer.current());
      }
    } else {
      keep(null);
    }
    return before - waiting;
  }

  /** Nobody wants to know any more. */
  void close() {
    over = true;
    forget();
  }

  private void keep(@Nullable Object message) {
    if (current == message) {
      return;
    }
    if (current != null) {
      current.release();
    }
    current = message instanceof ByteBuf bytes ? bytes.retain() : null;
  }

  private void forget() {
    keep(null);
    sizes.clear();
    unflushed = 0;
    waiting = 0;
    takenOfFirst = 0;
  }
}
