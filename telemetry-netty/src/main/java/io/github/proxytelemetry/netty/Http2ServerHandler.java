package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.TunnelKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Handler of the requests on a client's HTTP/2 streams, and their responses. */
final class Http2ServerHandler extends Http2Handler<Http2Exchange> implements Http2Exchanges {
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
  private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");

  private final DownstreamConnection connection;
  private final Http2HeaderAccess access = new Http2HeaderAccess();
  private final DisconnectCause disconnect = new DisconnectCause();
  private ExchangeObservation latest = Noop.EXCHANGE;

  Http2ServerHandler(DownstreamConnection connection) {
    super(connection.log());
    this.connection = connection;
  }

  @Override
  public ExchangeObservation exchange(Channel channel) {
    if (!(channel instanceof Http2StreamChannel child)) {
      return latest;
    }
    Http2Exchange stream = streams.get(child.stream().id());
    return stream == null ? Noop.EXCHANGE : stream.exchange();
  }

  @Override
  public @Nullable ServerTunnel tunnel(Channel channel) {
    Http2Exchange stream = of(channel);
    return stream == null ? null : stream.tunnel();
  }

  @Override
  public boolean bindTunnel(Channel channel, TunnelUpstream upstream) {
    Http2Exchange stream = of(channel);
    if (stream != null) {
      stream.bindTunnel(upstream);
    }
    return stream != null;
  }

  @Override
  @Nullable Http2Exchange opened(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
    Http2Headers headers = frame.headers();
    if (headers.method() == null) {
      return null;
    }
    ExchangeObservation exchange =
        connection
            .observation(ctx)
            .startExchange(new Http2RequestView(headers, connection.isSecure() ? "https" : "http"));
    latest = exchange;
    Http2Exchange stream = new Http2Exchange(exchange, tunnelKind(headers), disconnect);
    if (frame.isEndStream()) {
      stream.dataRead(0, true);
    }
    return stream;
  }

  @Override
  void writeHeaders(ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise) {
    Http2Exchange stream = streams.get(frame.stream().id());
    if (stream == null) {
      passOn(ctx, frame, promise);
      return;
    }
    access.open(frame);
    ChannelPromise end = stream.headersWritten(access, promise);
    Http2HeadersFrame written = access.frame();
    CharSequence added = access.close();
    passOn(ctx, written, end);
    if (added != null) {
      written.headers().remove(added);
    }
  }

  @Override
  void closed(int id, Http2Exchange stream) {
    stream.closed();
  }

  /** Concerns only streams that the server opens, by pushing. */
  @Override
  void goAwayRead(int lastStreamId) {}

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    if (ctx.channel().isActive()) {
      disconnect.closing();
    }
    super.close(ctx, promise);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    disconnect.userEventTriggered(event);
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    disconnect.exceptionCaught(cause);
    if (cause instanceof Http2Exception) {
      // An error of the whole connection: nothing that follows can be parsed.
      for (Http2Exchange stream : streams.values()) {
        stream.failed(cause);
      }
    }
    super.exceptionCaught(ctx, cause);
  }

  private @Nullable Http2Exchange of(Channel channel) {
    return channel instanceof Http2StreamChannel child ? streams.get(child.stream().id()) : null;
  }

  /** Kind of tunnel that a 2xx opens: RFC 9113, section 8.5, and RFC 8441, section 4. */
  private static @Nullable TunnelKind tunnelKind(Http2Headers headers) {
    if (!CONNECT.contentEquals(headers.method())) {
      return null;
    }
    CharSequence protocol = headers.get(Http2Headers.PseudoHeaderName.PROTOCOL.value());
    if (protocol == null) {
      return TunnelKind.CONNECT;
    }
    return WEBSOCKET.contentEqualsIgnoreCase(protocol) ? TunnelKind.WEBSOCKET : TunnelKind.UPGRADE;
  }
}
