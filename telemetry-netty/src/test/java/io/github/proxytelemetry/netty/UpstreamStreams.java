package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests as streams of one HTTP/2 connection, for a host with one event loop. */
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamStreams {
  private final NettyProxyHost host;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private @Nullable Channel connection;
  private boolean dialling;

  UpstreamStreams(NettyProxyHost host) {
    this.host = host;
  }

  /** Whether a new connection must be dialled; later requests wait for it. */
  boolean needsConnection(AttemptObservation attempt, BackHandler back) {
    Channel open = connection;
    if (open != null && open.isActive() && !GoAwayHandler.isGoing(open)) {
      open(open, attempt, back);
      return false;
    }
    if (dialling) {
      waiting.add(() -> open(connection, attempt, back));
      return false;
    }
    dialling = true;
    return true;
  }

  void fill(ChannelPipeline pipeline) {
    pipeline.addLast(Http2FrameCodecBuilder.forClient().build());
    pipeline.addLast(
        new Http2MultiplexHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel pushed) {
                pushed.close();
              }
            }));
    pipeline.addLast(new GoAwayHandler());
  }

  void dial(
      Bootstrap bootstrap,
      java.net.InetSocketAddress to,
      AttemptObservation attempt,
      BackHandler back) {
    bootstrap
        .connect(to)
        .addListener(
            (ChannelFutureListener)
                future -> {
                  dialling = false;
                  connection = future.channel();
                  if (future.isSuccess()) {
                    open(connection, attempt, back);
                  } else {
                    back.connected(connection, future.cause());
                  }
                  while (!waiting.isEmpty()) {
                    waiting.remove().run();
                  }
                });
  }

  private void open(@Nullable Channel on, AttemptObservation attempt, BackHandler back) {
    new Http2StreamChannelBootstrap(on)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(false));
                stream
                    .pipeline()
                    .addLast(
                        new ReadTimeoutHandler(
                            host.options.upstreamTimeout(), TimeUnit.MILLISECONDS));
                stream.pipeline().addLast(back);
                host.telemetry.installUpstream(stream.pipeline(), attempt);
              }
            })
        .open()
        .addListener(
            future ->
                back.connected(
                    future.isSuccess() ? (Http2StreamChannel) future.getNow() : on,
                    future.cause()));
  }
}
