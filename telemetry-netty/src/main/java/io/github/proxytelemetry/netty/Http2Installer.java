package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * Installation of the HTTP/2 handlers next to the frame codec of a connection, where all frames of
 * all streams pass, whether the host has a channel per stream or not.
 */
final class Http2Installer {
  static @Nullable Http2Exchanges server(
      ChannelPipeline pipeline, DownstreamConnection connection) {
    ChannelHandlerContext codec = frameCodec(pipeline, connection.log());
    if (codec == null) {
      return null;
    }
    Http2ServerHandler handler = new Http2ServerHandler(connection);
    Http2Connection streams = ((Http2FrameCodec) codec.handler()).connection();
    streams.addListener(new LateInstaller(codec, handler));
    streams.addListener(handler.streamListener());
    if (streams.numActiveStreams() > 0) {
      pipeline.addAfter(codec.name(), null, handler);
    }
    return handler;
  }

  static @Nullable ConnectionListener upstream(
      ChannelPipeline pipeline, UpstreamConnection connection) {
    ChannelHandlerContext codec = frameCodec(pipeline, connection.log());
    if (codec == null) {
      return null;
    }
    Http2ClientHandler handler = new Http2ClientHandler(connection);
    ((Http2FrameCodec) codec.handler()).connection().addListener(handler.streamListener());
    pipeline.addAfter(codec.name(), null, handler);
    return handler;
  }

  static @Nullable Channel connectionOf(Channel channel) {
    return channel instanceof Http2StreamChannel ? channel.parent() : null;
  }

  static boolean bind(Channel channel, AttemptObservation attempt) {
    if (!(channel instanceof Http2StreamChannel stream)) {
      return false;
    }
    Http2ClientHandler handler = stream.parent().pipeline().get(Http2ClientHandler.class);
    if (handler == null) {
      return false;
    }
    if (stream.eventLoop().inEventLoop()) {
      handler.bind(stream, attempt);
    } else {
      stream.eventLoop().execute(() -> handler.bind(stream, attempt));
    }
    return true;
  }

  @SuppressWarnings("deprecation") // Hosts may use it; its frames do not pass the pipeline.
  private static @Nullable ChannelHandlerContext frameCodec(
      ChannelPipeline pipeline, WarningLog log) {
    ChannelHandlerContext codec = pipeline.context(Http2ConnectionHandler.class);
    if (codec == null) {
      return null;
    }
    if (codec.handler() instanceof Http2FrameCodec
        && !(codec.handler() instanceof io.netty.handler.codec.http2.Http2MultiplexCodec)) {
      return codec;
    }
    log.notAFrameCodec();
    return null;
  }

  /**
   * Adds the handler when the first stream is added. By then the host has added its own handlers
   * behind the codec, which would otherwise come between the codec and this one.
   */
  private static final class LateInstaller extends Http2ConnectionAdapter {
    private final ChannelHandlerContext codec;
    private final Http2ServerHandler handler;

    LateInstaller(ChannelHandlerContext codec, Http2ServerHandler handler) {
      this.codec = codec;
      this.handler = handler;
    }

    @Override
    public void onStreamAdded(Http2Stream stream) {
      if (!handler.isInstalled() && !codec.isRemoved()) {
        codec.pipeline().addAfter(codec.name(), null, handler);
      }
    }
  }

  private Http2Installer() {}
}
