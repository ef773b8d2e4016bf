package io.github.proxytelemetry.hosts.grpc;

import io.github.proxytelemetry.AttemptObservation;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connection to the origin that a client's streams share, dialled for the first of them. */
@SuppressWarnings("FutureReturnValueIgnored")
final class GrpcUpstream {
  private final NettyGrpcProxy proxy;
  private @Nullable ChannelFuture dialled;

  GrpcUpstream(NettyGrpcProxy proxy) {
    this.proxy = proxy;
  }

  /** Opens a stream; the result is {@code null} if that failed. */
  void open(
      AttemptObservation attempt,
      ChannelHandler handler,
      Consumer<@Nullable Http2StreamChannel> result) {
    if (dialled == null) {
      dialled = proxy.dialler(pipeline(attempt)).connect(proxy.origin);
    }
    dialled.addListener(
        (ChannelFutureListener)
            dial -> {
              if (dial.isSuccess()) {
                openStream(dial.channel(), attempt, handler, result);
              } else {
                result.accept(null);
              }
            });
  }

  void close() {
    if (dialled != null) {
      dialled.channel().close();
    }
  }

  private void openStream(
      Channel connection,
      AttemptObservation attempt,
      ChannelHandler handler,
      Consumer<@Nullable Http2StreamChannel> result) {
    new Http2StreamChannelBootstrap(connection)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.pipeline().addLast(handler);
                proxy.netty.installUpstream(stream.pipeline(), attempt);
              }
            })
        .open()
        .addListener(
            opened ->
                result.accept(opened.isSuccess() ? (Http2StreamChannel) opened.getNow() : null));
  }

  private ChannelHandler pipeline(AttemptObservation attempt) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel upstream) {
        upstream.pipeline().addLast(Http2FrameCodecBuilder.forClient().build());
        upstream.pipeline().addLast(new Http2MultiplexHandler(new NothingPushed()));
        proxy.netty.installUpstream(upstream.pipeline(), attempt);
      }
    };
  }

  private static final class NothingPushed extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel pushed) {
      pushed.close();
    }
  }
}
