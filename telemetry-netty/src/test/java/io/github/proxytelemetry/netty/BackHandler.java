package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Upstream side of the test proxy: one request and its response on one connection or stream. */
@SuppressWarnings("FutureReturnValueIgnored")
final class BackHandler extends ChannelInboundHandlerAdapter {
  private final FrontHandler front;
  private final HttpRequest request;
  private final AttemptObservation attempt;
  private @Nullable Channel upstream;
  private boolean connected;
  private boolean over;
  private boolean interim;
  private boolean reusable;
  private final boolean whole;
  private @Nullable Future<?> deadline;

  /** A full request has no further content. */
  BackHandler(FrontHandler front, HttpRequest request, AttemptObservation attempt, boolean whole) {
    this.front = front;
    this.request = request;
    this.attempt = attempt;
    this.whole = whole;
  }

  /** Fails the attempt after a time-out. */
  void limit(EventLoop loop, long millis) {
    deadline =
        loop.schedule(
            () -> {
              if (!over) {
                TimeoutException late = new TimeoutException("the whole response is late");
                attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, late);
                front.failed(this, ProxyError.HTTP_RESPONSE_TIMEOUT, late);
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    upstream = added.channel();
  }

  void connected(Channel channel, @Nullable Throwable cause) {
    if (cause != null) {
      front.failed(this, NettyTelemetry.classify(cause), cause);
      return;
    }
    if (over) {
      attempt.cancel();
      channel.close();
      return;
    }
    connected = true;
    channel.writeAndFlush(request);
    if (whole) {
      channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    front.pump();
  }

  /** Writes a part of the request's body, unless the connection is missing or not writable. */
  boolean accept(HttpContent content) {
    Channel channel = upstream;
    if (whole) {
      content.release();
      return true;
    }
    if (!connected || channel == null || !channel.isWritable()) {
      return false;
    }
    channel.writeAndFlush(content);
    return true;
  }

  void clientWritable(boolean writable) {
    if (upstream != null) {
      upstream.config().setAutoRead(writable);
    }
  }

  /** The response is complete or no longer needed. */
  void abandon() {
    over = true;
    stopDeadline();
    if (upstream != null) {
      if (!connected) {
        attempt.cancel();
      }
      upstream.close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext at) {
    if (at.channel().isWritable()) {
      front.pump();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext at, Object msg) {
    if (over) {
      ReferenceCountUtil.release(msg);
    } else if (msg instanceof HttpResponse response) {
      head(at, response);
    } else if (msg instanceof HttpContent content) {
      content(content);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext at) {
    if (!over) {
      front.failed(this, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
    if (!over) {
      attempt.fail(Side.UPSTREAM, NettyTelemetry.classify(cause), cause);
      front.failed(this, NettyTelemetry.classify(cause), cause);
    }
    at.close();
  }

  private void head(ChannelHandlerContext at, HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      front.failed(this, ProxyError.HTTP_PROTOCOL_ERROR, response.decoderResult().cause());
      return;
    }
    int status = response.status().code();
    if (status == 101) {
      over = true;
      stopDeadline();
      at.channel().config().setAutoRead(false);
      at.pipeline().remove(ReadTimeoutHandler.class);
      front.becomeTunnel(this, response, at.channel());
      at.pipeline().remove(HttpClientCodec.class);
      at.pipeline().remove(this);
      return;
    }
    interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (!interim) {
      frame(response, status);
    }
    front.respond(this, response, !interim, false);
  }

  private void content(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (content.decoderResult().isFailure()) {
      content.release();
      front.failed(this, ProxyError.HTTP_PROTOCOL_ERROR, content.decoderResult().cause());
      return;
    }
    boolean ofInterim = interim;
    interim = interim && !last;
    if (last && !ofInterim) {
      over = true;
      keepForOthers();
    }
    front.respond(this, content, false, last && !ofInterim);
  }

  /** Returns a reusable connection to the pool; other connections are closed. */
  private void keepForOthers() {
    Channel channel = upstream;
    stopDeadline();
    if (reusable && channel != null && channel.isActive()) {
      upstream = null;
      channel.pipeline().remove(ReadTimeoutHandler.class);
      channel.pipeline().remove(this);
      channel.config().setAutoRead(true);
      front.pool().release(channel);
    }
  }

  private void stopDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  /** A body delimited by the end of the origin's connection needs chunked coding or a close. */
  private void frame(HttpResponse response, int status) {
    reusable = front.pools() && HttpUtil.isKeepAlive(response);
    response.headers().remove(HttpHeaderNames.CONNECTION).remove("Keep-Alive");
    boolean bodyless = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    if (bodyless
        || HttpUtil.isContentLengthSet(response)
        || HttpUtil.isTransferEncodingChunked(response)) {
      return;
    }
    reusable = false;
    if (front.isHttp11()) {
      HttpUtil.setTransferEncodingChunked(response, true);
    } else {
      front.keepAlive(false);
    }
  }
}
