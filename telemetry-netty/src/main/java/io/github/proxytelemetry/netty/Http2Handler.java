package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/**
 * Common part of the handlers next to an HTTP/2 frame codec: passes frames to the observers of
 * their streams.
 *
 * <p>The end of a stream is known from the codec's {@link Http2Connection}, as no frame marks it.
 *
 * @param <S> observer of one stream
 */
abstract class Http2Handler<S extends StreamObserver> extends ChannelDuplexHandler {
  final IntObjectMap<S> streams = new IntObjectHashMap<>();
  private final WarningLog log;
  private boolean installed;

  Http2Handler(WarningLog log) {
    this.log = log;
  }

  /** Starts the observer of a new stream; {@code null} if its head is malformed. */
  abstract @Nullable S opened(ChannelHandlerContext ctx, Http2HeadersFrame head);

  /** Headers are written; the implementation passes them on. */
  abstract void writeHeaders(
      ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise);

  /** The stream was closed and its observer removed. */
  abstract void closed(int id, S stream);

  /** The peer accepts no more streams, and does not process those above the last one. */
  abstract void goAwayRead(int lastStreamId);

  final boolean isInstalled() {
    return installed;
  }

  /** Listener to be added to the codec's connection. */
  final Http2Connection.Listener streamListener() {
    return new StreamListener();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    installed = true;
  }

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (msg instanceof Http2StreamFrame frame) {
        read(ctx, frame);
      }
    } catch (RuntimeException | Error failure) {
      log.adapterFailed(failure);
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public final void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (msg instanceof Http2HeadersFrame headers && headers.stream() != null) {
      writeHeaders(ctx, headers, promise);
    } else if (msg instanceof Http2StreamFrame frame && frame.stream() != null) {
      super.write(ctx, msg, beforeWrite(frame, promise));
    } else {
      super.write(ctx, msg, promise);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // It is the promise.
  static void passOn(ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise) {
    ctx.write(frame, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2FrameStreamException failure) {
      S stream = streams.get(failure.stream().id());
      if (stream != null) {
        stream.failed(failure);
      }
    }
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    for (S stream : streams.values()) {
      stream.connectionClosed();
    }
    streams.clear();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    for (S stream : streams.values()) {
      stream.unobserved();
    }
    streams.clear();
  }

  private void read(ChannelHandlerContext ctx, Http2StreamFrame frame) {
    S stream = streams.get(frame.stream().id());
    if (frame instanceof Http2HeadersFrame head) {
      if (stream != null) {
        stream.headersRead(head.headers(), head.isEndStream());
        return;
      }
      S fresh = opened(ctx, head);
      if (fresh != null) {
        streams.put(frame.stream().id(), fresh);
      }
    } else if (stream != null && frame instanceof Http2DataFrame data) {
      stream.dataRead(data.content().readableBytes(), data.isEndStream());
    } else if (stream != null && frame instanceof Http2ResetFrame reset) {
      stream.resetRead(reset.errorCode());
    }
  }

  private ChannelPromise beforeWrite(Http2StreamFrame frame, ChannelPromise promise) {
    S stream = streams.get(frame.stream().id());
    try {
      if (stream != null && frame instanceof Http2DataFrame data) {
        return stream.dataWritten(data.content().readableBytes(), data.isEndStream(), promise);
      }
      if (stream != null && frame instanceof Http2ResetFrame reset) {
        stream.resetWritten(reset.errorCode());
      }
    } catch (RuntimeException | Error failure) {
      log.adapterFailed(failure);
    }
    return promise;
  }

  private final class StreamListener extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream closing) {
      S stream = streams.remove(closing.id());
      if (stream != null) {
        closed(closing.id(), stream);
      }
    }

    /** Called before the streams above the last one are closed for it. */
    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      goAwayRead(lastStreamId);
    }
  }
}
