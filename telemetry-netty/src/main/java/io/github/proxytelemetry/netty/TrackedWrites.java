package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sizes of the writes that a channel's {@link ChannelOutboundBuffer} holds: while the socket's send
 * buffer is full, and where the channel is the upstream of a tunnel.
 *
 * <p>Each write is one entry of that buffer, in the same order. So the number of entries left there
 * and the progress of the first give the bytes taken exactly, without a promise.
 *
 * <p>A closed channel has no such buffer. For a tunnel the current write is retained, so that its
 * reader index still shows its progress.
 */
final class TrackedWrites {
  private final LongRing sizes = new LongRing();
  private int unflushed;
  private long waiting;
  private long takenOfFirst;
  private boolean stuck;
  private boolean forTunnel;
  private @Nullable ByteBuf current;

  private TrackedWrites() {}

  /**
   * Tracks writes that have not been flushed. Only the sum of their sizes is known: it counts when
   * the last of them is taken.
   */
  static TrackedWrites ofUnflushed(int count, long bytes) {
    TrackedWrites writes = new TrackedWrites();
    for (int i = 1; i <= count; i++) {
      writes.written(i == count ? bytes : 0);
    }
    return writes;
  }

  /** Tracks what is left in a buffer whose entries have all been flushed. */
  static TrackedWrites ofFlushed(ChannelOutboundBuffer buffer) {
    TrackedWrites shown = new TrackedWrites();
    try {
      buffer.forEachFlushedMessage(
          message -> {
            shown.written(MessageSizes.ofBytes(message));
            return true;
          });
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
    TrackedWrites writes = shown;
    if (shown.sizes.size() < buffer.size()) {
      // The others were cancelled; where they are is unknown, and the first may be one of them.
      writes = ofUnflushed(buffer.size() - shown.sizes.size(), 0);
      while (shown.sizes.size() > 0) {
        writes.written(shown.sizes.removeFirst());
      }
    } else {
      writes.takenOfFirst = buffer.currentProgress();
      writes.sizes.addToFirst(writes.takenOfFirst);
    }
    writes.unflushed = 0;
    writes.stuck = true;
    return writes;
  }

  /** Bytes that have not been taken, as far as is known. */
  long waiting() {
    return waiting;
  }

  /** Whether no write is left, and none that follows need be tracked. */
  boolean isDone() {
    return !forTunnel && sizes.size() == 0;
  }

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
    return forTunnel || stuck;
  }

  /** Tracks every further write, also those that are lost with the channel. */
  void keepForTunnel() {
    forTunnel = true;
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
    if (buffer == null) {
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
      if (forTunnel) {
        retain(buffer.current());
      }
    } else {
      retain(null);
    }
    return before - waiting;
  }

  /** Forgets all writes. */
  void clear() {
    if (current != null) {
      retain(null);
    }
    sizes.clear();
    unflushed = 0;
    waiting = 0;
    takenOfFirst = 0;
    stuck = false;
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
}
