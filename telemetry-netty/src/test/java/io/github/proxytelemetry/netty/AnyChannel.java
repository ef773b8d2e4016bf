package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.EncoderException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Channel for events in any order, including impossible ones: its network delays and fails writes,
 * its codec reads malformed messages, and its host writes messages in the wrong state.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A listener checks the result of each write.
final class AnyChannel implements EventOrders.World {
  final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  final NettyTelemetry netty = NettyTelemetry.create(recorder);
  final EmbeddedChannel channel;
  private final SlowNetwork peer = new SlowNetwork();
  private final Network network = new Network();
  private final Host host = new Host();
  private final Class<? extends ChannelHandler> codec;
  private final List<Throwable> faults = new ArrayList<>();

  AnyChannel(ChannelHandler codec) {
    this.codec = codec.getClass();
    this.channel = new EmbeddedChannel(network, codec, host);
  }

  /** Exception that the test throws on purpose, and that any handler may pass on. */
  static final class Planned extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** The codec reads a message. */
  void read(Object message) {
    inbound(codec -> codec.fireChannelRead(message), message);
  }

  void event(Object event) {
    inbound(codec -> codec.fireUserEventTriggered(event), event);
  }

  void exception(Throwable cause) {
    inbound(codec -> codec.fireExceptionCaught(cause), cause);
  }

  /** The host writes a message. */
  void write(Object message) {
    ChannelPromise promise = channel.newPromise();
    promise.addListener(written -> look(written.cause()));
    channel.writeAndFlush(message, promise);
  }

  /** The host writes a message with a void promise. */
  void writeUnasked(Object message) {
    channel.writeAndFlush(message, channel.voidPromise());
  }

  /** Upstream channel of a tunnel, which may be slow. */
  void bindTunnel() {
    netty.bindTunnel(channel, peer);
  }

  void relay() {
    peer.writeAndFlush(Unpooled.wrappedBuffer(new byte[3]));
  }

  void peerTakes(int bytes) {
    peer.take(bytes);
  }

  void peerBreaksOff() {
    peer.breakOff();
  }

  void hold() {
    network.holding = true;
  }

  void release() {
    network.holding = false;
    network.release();
  }

  void failHeld() {
    network.fail(new Planned());
  }

  void remove(Class<? extends ChannelHandler> handler) {
    if (channel.pipeline().get(handler) != null) {
      channel.pipeline().remove(handler);
    }
  }

  void closedByHost() {
    channel.close();
  }

  /** A transport fails its pending writes before it fires channelInactive. */
  void disconnect() {
    network.fail(new ClosedChannelException());
    channel.close();
    channel.runPendingTasks();
  }

  @Override
  public void close() {
    disconnect();
    channel.finishAndReleaseAll();
    peer.breakOff();
    peer.finishAndReleaseAll();
    assertThat(faults).isEmpty();
    recorder.assertInvariants();
  }

  /** A closed channel has no handlers. */
  private void inbound(Consumer<ChannelHandlerContext> firing, Object message) {
    ChannelHandlerContext context = channel.pipeline().context(codec);
    if (context == null) {
      ReferenceCountUtil.release(message);
    } else {
      firing.accept(context);
    }
  }

  private void look(@Nullable Throwable cause) {
    // The codec itself fails a write that cannot be encoded.
    if (cause != null
        && !(cause instanceof Planned
            || cause instanceof EncoderException
            || cause instanceof ClosedChannelException)) {
      faults.add(cause);
    }
  }

  private static final class Network extends ChannelOutboundHandlerAdapter {
    private final Deque<Runnable> releases = new ArrayDeque<>();
    private final Deque<ChannelPromise> held = new ArrayDeque<>();
    private final Deque<Object> messages = new ArrayDeque<>();
    private boolean holding;

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
        throws Exception {
      if (!holding) {
        super.write(ctx, msg, promise);
        return;
      }
      held.add(promise);
      messages.add(msg);
      releases.add(() -> ctx.writeAndFlush(msg, promise));
    }

    void release() {
      while (!releases.isEmpty()) {
        held.remove();
        messages.remove();
        releases.remove().run();
      }
    }

    void fail(Throwable cause) {
      releases.clear();
      while (!held.isEmpty()) {
        ReferenceCountUtil.release(messages.remove());
        held.remove().tryFailure(cause);
      }
    }
  }

  private final class Host extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      look(cause);
    }
  }
}
