package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A host that removes the connection handler during a flush that fills the network. */
@SuppressWarnings("FutureReturnValueIgnored") // Only the pipeline is checked.
class RemovedWhileFlushingTest extends SocketFixture {
  private static final int MORE_THAN_FITS = 64 * 1024 * 1024;

  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

  @Test
  void throwsNothing_whereItsEventLoopRemovesIt() {
    flushAndRemove(RemovedWhileFlushingTest::remove);
  }

  @Test
  void throwsNothing_whereAnotherThreadRemovesIt() {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      flushAndRemove(
          pipeline -> {
            // It leaves the pipeline at once; handlerRemoved runs later, on the event loop.
            Future<?> removed = other.submit(() -> remove(pipeline));
            removed.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
          });
    } finally {
      other.shutdown();
    }
  }

  private void flushAndRemove(Removal removal) {
    Channel server = listen(accepted -> accepted.config().setAutoRead(false));
    Channel upstream =
        dial(
                server.localAddress(),
                dialled -> {
                  dialled.pipeline().addLast(new Caught());
                  netty.installUpstream(dialled.pipeline(), Upstream.of("127.0.0.1", 1));
                })
            .syncUninterruptibly()
            .channel();
    upstream
        .eventLoop()
        .submit(
            () -> {
              upstream
                  .write(bytes(1))
                  .addListener(
                      taken -> {
                        assertThat(taken.isSuccess()).isTrue();
                        removal.removeFrom(upstream.pipeline());
                      });
              upstream.writeAndFlush(bytes(MORE_THAN_FITS));
              assertThat(upstream.isWritable()).isFalse();
            })
        .syncUninterruptibly();
    assertThat(upstream.pipeline().get(UpstreamConnectionHandler.class)).isNull();
    assertThat(thrown).isEmpty();
    upstream.close().syncUninterruptibly();
    server.close().syncUninterruptibly();
  }

  private static void remove(ChannelPipeline pipeline) {
    pipeline.remove(UpstreamConnectionHandler.class);
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.directBuffer(count).writeZero(count);
  }

  private interface Removal {
    void removeFrom(ChannelPipeline pipeline) throws Exception;
  }

  private final class Caught extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      thrown.add(cause);
    }
  }
}
