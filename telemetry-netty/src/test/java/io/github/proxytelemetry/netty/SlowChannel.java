package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Channel that counts the bytes its socket takes, independently of the pipeline. */
final class SlowChannel extends NioSocketChannel {
  final CompletableFuture<Void> full = new CompletableFuture<>();
  private final AtomicLong taken = new AtomicLong();

  long taken() {
    return taken.get();
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) throws Exception {
    long before = flushed(in);
    try {
      super.doWrite(in);
    } finally {
      taken.addAndGet(before - flushed(in));
      if (!in.isWritable()) {
        full.complete(null);
      }
    }
  }

  private static long flushed(ChannelOutboundBuffer in) throws Exception {
    long[] sum = new long[1];
    in.forEachFlushedMessage(
        message -> {
          sum[0] += ((ByteBuf) message).readableBytes();
          return true;
        });
    return sum[0];
  }
}
