package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** A channel whose network takes as many bytes as it is told to, and no event says when. */
final class SlowNetwork extends EmbeddedChannel {
  private int room;

  SlowNetwork(ChannelHandler... handlers) {
    super(handlers);
  }

  /** The network has room for more bytes, and takes what waits for it. */
  void take(int bytes) {
    room += bytes;
    unsafe().flush();
  }

  /** Takes whatever comes. */
  void takeAll() {
    take(Integer.MAX_VALUE / 2);
  }

  /** The connection breaks without a word to the pipeline before. */
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
        // Also where it is empty, and the room is, too.
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
