package io.github.proxytelemetry.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Writes to a client, be it over a connection of HTTP/1.1 or over a stream of HTTP/2. */
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientAnswers {
  private final Channel client;
  private boolean interim;

  ClientAnswers(Channel client) {
    this.client = client;
  }

  boolean isStream() {
    return client instanceof Http2StreamChannel;
  }

  /**
   * Writes a part of a response.
   *
   * @param head whether it is the head of the final response
   * @return the future of the write, or {@code null} for a part that is not written by itself
   */
  @Nullable ChannelFuture write(Object part, boolean head) {
    if (isStream() && !isWritable(part, head)) {
      ReferenceCountUtil.release(part);
      return null;
    }
    return client.writeAndFlush(part);
  }

  /** The codec for streams takes an interim response in one piece only. */
  private boolean isWritable(Object part, boolean head) {
    if (head || !(part instanceof HttpResponse response)) {
      boolean endOfInterim = interim && !head;
      interim = false;
      return !endOfInterim;
    }
    interim = true;
    client.writeAndFlush(
        new DefaultFullHttpResponse(
            response.protocolVersion(),
            response.status(),
            Unpooled.EMPTY_BUFFER,
            response.headers(),
            EmptyHttpHeaders.INSTANCE));
    return false;
  }

  /** A response of the proxy's own. */
  void local(HttpResponseStatus status, boolean keepAlive) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    HttpUtil.setContentLength(response, 0);
    HttpUtil.setKeepAlive(response, keepAlive);
    ChannelFuture written = client.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** The way to where the client wants to go is open. */
  void established() {
    client.writeAndFlush(
        isStream()
            ? new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK)
            : new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
  }

  /** The upstream has switched protocols, which HTTP/2 has another answer for. */
  void switched(Object head) {
    if (isStream()) {
      ReferenceCountUtil.release(head);
      established();
    } else {
      client.writeAndFlush(head);
    }
  }
}
