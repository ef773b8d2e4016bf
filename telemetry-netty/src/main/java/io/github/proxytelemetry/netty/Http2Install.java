package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * Puts the handlers for HTTP/2 directly behind the frame codec of a connection. There every frame
 * of every stream passes, both ways, whether the host has a channel per stream or not.
 */
final class Http2Install {
  /** Throws {@link NoClassDefFoundError} where the codec is not there. */
  static boolean isAvailable() {
    return Http2Error.NO_ERROR.code() == 0;
  }

  static Http2.@Nullable Streams server(
      ChannelPipeline pipeline, ServerConnectionHandler connection, Misuse misuse) {
    ChannelHandlerContext codec = frameCodec(pipeline, misuse);
    if (codec == null) {
      return null;
    }
    Http2ServerHandler handler = new Http2ServerHandler(connection);
    Http2Connection streams = ((Http2FrameCodec) codec.handler()).connection();
    streams.addListener(new Placement(codec, handler));
    streams.addListener(handler.lifecycle());
    if (streams.numActiveStreams() > 0) {
      pipeline.addAfter(codec.name(), null, handler);
    }
    return handler;
  }

  static @Nullable Requests upstream(
      ChannelPipeline pipeline,
      UpstreamConnectionHandler connection,
      @Nullable AttemptObservation attempt,
      Misuse misuse) {
    ChannelHandlerContext codec = frameCodec(pipeline, misuse);
    if (codec == null) {
      return null;
    }
    Http2ClientHandler handler = new Http2ClientHandler(connection, attempt);
    ((Http2FrameCodec) codec.handler()).connection().addListener(handler.lifecycle());
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

  static @Nullable ProxyError classify(Throwable failure) {
    if (failure instanceof Http2Exception http2) {
      return error(http2.error().code(), false);
    }
    return failure instanceof Http2FrameStreamException stream
        ? error(stream.error().code(), false)
        : null;
  }

  /**
   * What an upstream's error code means (RFC 9113, section 7). A refused stream was not worked on
   * at all, so it may be tried again (section 8.7).
   *
   * @param responding whether the response had begun
   */
  static ProxyError error(long code, boolean responding) {
    Http2Error error = Http2Error.valueOf(code);
    if (error == null) {
      return ended(responding);
    }
    return switch (error) {
      case REFUSED_STREAM -> ProxyError.DESTINATION_UNAVAILABLE;
      case PROTOCOL_ERROR,
          FLOW_CONTROL_ERROR,
          STREAM_CLOSED,
          FRAME_SIZE_ERROR,
          COMPRESSION_ERROR,
          HTTP_1_1_REQUIRED ->
          ProxyError.HTTP_PROTOCOL_ERROR;
      default -> ended(responding);
    };
  }

  /** What it means that a response will never be complete, and nobody says why. */
  static ProxyError ended(boolean responding) {
    return responding ? ProxyError.HTTP_RESPONSE_INCOMPLETE : ProxyError.CONNECTION_TERMINATED;
  }

  @SuppressWarnings("deprecation") // Hosts may have it: their frames never pass the pipeline.
  private static @Nullable ChannelHandlerContext frameCodec(
      ChannelPipeline pipeline, Misuse misuse) {
    ChannelHandlerContext codec = pipeline.context(Http2ConnectionHandler.class);
    if (codec == null) {
      return null;
    }
    if (codec.handler() instanceof Http2FrameCodec
        && !(codec.handler() instanceof io.netty.handler.codec.http2.Http2MultiplexCodec)) {
      return codec;
    }
    misuse.notAFrameCodec();
    return null;
  }

  /**
   * Adds the handler when the first stream comes: by then the host has added its own behind the
   * codec, and would otherwise have put them between the codec and ours.
   */
  private static final class Placement extends Http2ConnectionAdapter {
    private final ChannelHandlerContext codec;
    private final Http2ServerHandler handler;

    Placement(ChannelHandlerContext codec, Http2ServerHandler handler) {
      this.codec = codec;
      this.handler = handler;
    }

    @Override
    public void onStreamAdded(Http2Stream stream) {
      if (!handler.isPlaced() && !codec.isRemoved()) {
        codec.pipeline().addAfter(codec.name(), null, handler);
      }
    }
  }
}
