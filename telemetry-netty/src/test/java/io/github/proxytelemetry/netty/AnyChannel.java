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
 * A channel on which anything may happen in any order: its network holds writes back and fails
 * them, its codec passes on what it would never read, and its host writes what makes no sense.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What a write comes to is looked at by a listener.
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

  /** An exception of the test's own, which may come out where it likes. */
  static final class Planned extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** The codec reads something. */
  void read(Object message) {
    inbound(codec -> codec.fireChannelRead(message), message);
  }

  void event(Object event) {
    inbound(codec -> codec.fireUserEventTriggered(event), event);
  }

  void exception(Throwable cause) {
    inbound(codec -> codec.fireExceptionCaught(cause), cause);
  }

  /** The host writes something. */
  void write(Object message) {
    ChannelPromise promise = channel.newPromise();
    promise.addListener(written -> look(written.cause()));
    channel.writeAndFlush(message, promise);
  }

  /** The host writes something and does not ask what comes of it. */
  void writeUnasked(Object message) {
    channel.writeAndFlush(message, channel.voidPromise());
  }

  /** The other end of a tunnel, which may be slow. */
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

  /** A transport fails what it holds before it tells of its end. */
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

  /** After its end a channel has no handlers. */
  private void inbound(Consumer<ChannelHandlerContext> firing, Object message) {
    ChannelHandlerContext context = channel.pipeline().context(codec);
    if (context == null) {
      ReferenceCountUtil.release(message);
    } else {
      firing.accept(context);
    }
  }

  private void look(@Nullable Throwable cause) {
    // A codec says so itself when a host writes what cannot be encoded.
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
