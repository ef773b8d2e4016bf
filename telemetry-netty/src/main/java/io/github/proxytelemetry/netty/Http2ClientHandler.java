package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.IOException;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Handler of the requests on the HTTP/2 streams of a connection to an upstream, and their
 * responses.
 *
 * <p>A stream has no identifier before its first frame is written, so until then an attempt is
 * bound to the stream object.
 */
final class Http2ClientHandler extends Http2Handler<Http2Attempt> implements ConnectionListener {
  private final UpstreamConnection connection;
  private final Http2HeaderAccess access = new Http2HeaderAccess();
  private final IdentityHashMap<Http2FrameStream, Http2Attempt> bound = new IdentityHashMap<>();
  private @Nullable AttemptObservation dialledFor;
  private int lastStreamId = Integer.MAX_VALUE;
  private boolean used;
  private boolean closedByHost;
  private boolean over;

  Http2ClientHandler(UpstreamConnection connection) {
    super(connection.log());
    this.connection = connection;
    this.dialledFor = connection.attempt;
    this.used = dialledFor != null;
  }

  /** Binds the request on a stream to an attempt. */
  void bind(Http2StreamChannel channel, AttemptObservation attempt) {
    if (attempt == dialledFor) {
      dialledFor = null;
    } else {
      attempt.connectionAcquired(used);
    }
    used = true;
    Http2Attempt stream = new Http2Attempt(this, attempt, channel.stream());
    if (over) {
      stream.connectionClosed();
      return;
    }
    Http2Attempt replaced = bound.put(channel.stream(), stream);
    if (replaced != null) {
      replaced.resetWritten(0);
    }
    // The codec does not know a stream that is closed before its first frame.
    channel.closeFuture().addListener(stream.neverUsed());
  }

  void responseStarted(AttemptObservation attempt, int status, Http2Headers headers) {
    attempt.responseStarted(status, access.open(headers), Http2HeaderAccess.ACCESS);
    access.close();
  }

  void responseTrailers(AttemptObservation attempt, Http2Headers trailers) {
    attempt.responseTrailers(access.open(trailers), Http2HeaderAccess.ACCESS);
    access.close();
  }

  boolean isClosedByHost() {
    return closedByHost;
  }

  /** The stream was closed before its request was written. */
  void unbind(Http2FrameStream stream) {
    Http2Attempt unused = bound.remove(stream);
    if (unused != null) {
      unused.resetWritten(0);
    }
  }

  /** The stream's head could not be written, possibly before the stream had an identifier. */
  void forget(Http2FrameStream stream) {
    streams.remove(stream.id());
  }

  /** A stream that the upstream pushes belongs to no attempt. */
  @Override
  @Nullable Http2Attempt opened(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
    return null;
  }

  @Override
  void writeHeaders(ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise) {
    Http2FrameStream id = frame.stream();
    Http2Attempt known = streams.get(id.id());
    if (known != null) {
      known.attempt().requestTrailers(access.open(frame), Http2HeaderAccess.ACCESS);
      Http2HeadersFrame trailers = access.frame();
      access.close();
      passOn(ctx, trailers, known.dataWritten(0, frame.isEndStream(), promise));
      return;
    }
    Http2Attempt fresh = take(id);
    if (fresh == null || frame.headers().method() == null) {
      passOn(ctx, frame, promise);
      return;
    }
    AttemptObservation attempt = fresh.attempt();
    attempt.inject(access.open(frame), Http2HeaderAccess.ACCESS);
    Http2HeadersFrame written = access.frame();
    CharSequence added = access.close();
    attempt.requestStarted(
        new Http2RequestView(written.headers(), connection.isSecure() ? "https" : "http"));
    fresh.headWritten(written.headers());
    passOn(ctx, written, fresh.writtenWith(written.isEndStream(), promise));
    if (!fresh.isOver()) {
      streams.put(id.id(), fresh);
    }
    if (added != null) {
      written.headers().remove(added);
    }
  }

  private @Nullable Http2Attempt take(Http2FrameStream stream) {
    Http2Attempt fresh = bound.remove(stream);
    if (fresh == null && dialledFor != null) {
      fresh = new Http2Attempt(this, dialledFor, stream);
      dialledFor = null;
    }
    return fresh;
  }

  @Override
  void closed(int id, Http2Attempt stream) {
    if (id > lastStreamId) {
      stream.refused();
    } else {
      stream.closed();
    }
  }

  @Override
  void goAwayRead(int last) {
    lastStreamId = last;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    closedByHost = true;
    super.close(ctx, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception || cause instanceof IOException) {
      for (Http2Attempt stream : streams.values()) {
        stream.failed(cause);
      }
    }
    super.exceptionCaught(ctx, cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over = true;
    super.channelInactive(ctx);
    for (Http2Attempt stream : bound.values()) {
      stream.connectionClosed();
    }
    bound.clear();
    if (dialledFor != null) {
      dialledFor.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
      dialledFor = null;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    over = true;
    super.handlerRemoved(ctx);
    for (Http2Attempt stream : bound.values()) {
      stream.unobserved();
    }
    bound.clear();
    if (dialledFor != null) {
      dialledFor.cancel();
      dialledFor = null;
    }
  }
}
