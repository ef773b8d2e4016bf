package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Both ends of an observed HTTP/2 connection, and any operation on its streams. */
@SuppressWarnings("FutureReturnValueIgnored") // A listener checks the result of each write.
final class AnyStreams implements EventOrders.World {
  private static final Upstream ORIGIN = Upstream.named("origin", "127.0.0.1", 80);

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);
  private final List<Channel> accepted = new ArrayList<>();
  private final List<Channel> opened = new ArrayList<>();
  private final List<Throwable> faults = new ArrayList<>();
  private final EmbeddedChannel server;
  private final EmbeddedChannel client;

  AnyStreams() {
    server =
        new EmbeddedChannel(
            Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(into(accepted)));
    netty.installServer(server.pipeline());
    client =
        new EmbeddedChannel(
            Http2FrameCodecBuilder.forClient().build(), new Http2MultiplexHandler(ignoring()));
    netty.installUpstream(client.pipeline(), ORIGIN);
    exchangeBytes();
  }

  /** The client opens a stream, with or without an attempt. */
  void open(boolean bound) {
    if (!client.isActive()) {
      return;
    }
    new Http2StreamChannelBootstrap(client)
        .handler(ignoring())
        .open()
        .addListener(
            future -> {
              if (future.isSuccess()) {
                Http2StreamChannel stream = (Http2StreamChannel) future.getNow();
                opened.add(stream);
                if (bound) {
                  netty.bind(stream, recorder.startAttempt(ORIGIN));
                }
              }
            });
    client.runPendingTasks();
  }

  /** Writes a frame on one of the client's or the server's streams. */
  void write(boolean byClient, int which, Object frame) {
    Channel stream = pick(byClient ? opened : accepted, which);
    if (stream == null) {
      ReferenceCountUtil.release(frame);
    } else {
      stream.writeAndFlush(frame).addListener(written -> look(written.cause()));
    }
  }

  /** Writes a frame of the connection. */
  void writeOnConnection(boolean byClient, Object frame) {
    EmbeddedChannel connection = byClient ? client : server;
    connection.writeAndFlush(frame).addListener(written -> look(written.cause()));
  }

  void closeStream(boolean byClient, int which) {
    Channel stream = pick(byClient ? opened : accepted, which);
    if (stream != null) {
      stream.close();
    }
  }

  void disconnect(boolean byClient) {
    (byClient ? client : server).close();
  }

  /** Delivers the written frames of both ends. */
  void exchangeBytes() {
    boolean moved;
    do {
      client.runPendingTasks();
      server.runPendingTasks();
      moved = move(client, server);
      moved |= move(server, client);
    } while (moved);
  }

  @Override
  public void close() {
    exchangeBytes();
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
    assertThat(faults).isEmpty();
    recorder.assertInvariants();
  }

  private boolean move(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      moved = true;
      if (to.isActive()) {
        to.writeOneInbound(bytes);
      } else {
        ReferenceCountUtil.release(bytes);
      }
    }
    if (moved && to.isActive()) {
      to.flushInbound();
    }
    return moved;
  }

  private static @Nullable Channel pick(List<Channel> streams, int which) {
    return streams.isEmpty() ? null : streams.get(which % streams.size());
  }

  private ChannelInitializer<Channel> into(List<Channel> streams) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        streams.add(stream);
        stream.pipeline().addLast(new Host());
      }
    };
  }

  private ChannelInitializer<Channel> ignoring() {
    return into(new ArrayList<>());
  }

  private void look(@Nullable Throwable cause) {
    if (cause != null
        && !(cause instanceof Http2Exception
            || cause instanceof Http2FrameStreamException
            || cause instanceof EncoderException
            || cause instanceof ClosedChannelException
            || refusedByCodec(cause))) {
      faults.add(cause);
    }
  }

  /** The codec fails a write that it cannot send, also with exceptions of the JDK. */
  private static boolean refusedByCodec(Throwable cause) {
    return Arrays.stream(cause.getStackTrace())
        .map(StackTraceElement::getClassName)
        .filter(name -> !name.startsWith("java."))
        .findFirst()
        .filter(name -> name.startsWith("io.netty.handler.codec."))
        .isPresent();
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
