package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.Terminal;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A response ends when its last write completes, at whichever event that is detected first. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class ResponseEndTest extends ServerFixture {
  @Test
  void endsBeforeTheHostCloses_thatListensToTheWrite() {
    read(GET);
    channel.writeAndFlush(
        full(200, 0), channel.newPromise().addListener(ChannelFutureListener.CLOSE));
    assertThat(channel.isOpen()).isFalse();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void endsWithoutAFlush_whereSomethingNearerToTheSocketFlushes() {
    read(GET);
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                ctx.writeAndFlush(msg, promise);
              }
            });
    channel.write(full(200, 0));
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void endsOneByOne_whereTheSocketIsSlow() {
    Slow slow = new Slow();
    channel.pipeline().addFirst(slow);
    read(GET + GET + GET);
    channel.write(full(200, 0));
    channel.write(full(200, 0));
    channel.flush();
    channel.writeAndFlush(full(200, 0));
    for (int i = 0; i < 3; i++) {
      assertThat(exchange(i).responseEnded()).isFalse();
      slow.writes.remove().setSuccess();
      assertThat(exchange(i).terminal()).isEqualTo(Terminal.ENDED);
    }
  }

  @Test
  void failsWithTheConnection_whereNothingWasFlushed() {
    read(GET);
    channel.pipeline().addFirst(new Slow());
    channel.write(full(200, 0));
    channel.close();
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.FAILED);
  }

  private static final class Slow extends ChannelOutboundHandlerAdapter {
    final Queue<ChannelPromise> writes = new ArrayDeque<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
      ReferenceCountUtil.release(msg);
      writes.add(promise);
    }
  }
}
