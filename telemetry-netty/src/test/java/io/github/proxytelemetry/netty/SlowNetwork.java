package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** Channel whose network takes a given number of bytes, without an event in the pipeline. */
final class SlowNetwork extends EmbeddedChannel {
  private int room;

  SlowNetwork(ChannelHandler... handlers) {
    super(handlers);
  }

  /** The network has room for more bytes, and takes those that are waiting. */
  void take(int bytes) {
    room += bytes;
    unsafe().flush();
  }

  /** Takes all bytes from now on. */
  void takeAll() {
    take(Integer.MAX_VALUE / 2);
  }

  /** The connection breaks, without an earlier event in the pipeline. */
  void breakOff() {
    unsafe().close(voidPromise());
    runPendingTasks();
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) {
    while (in.current() instanceof ByteBuf next) {
      int taken = Math.min(room, next.readableBytes());
      room -= taken;
      if (taken == next.readableBytes()) {
        // An empty buffer needs no room.
        in.removeBytes(taken);
        if (taken == 0) {
          in.remove();
        }
      } else {
        in.removeBytes(taken);
        return;
      }
    }
  }
}
