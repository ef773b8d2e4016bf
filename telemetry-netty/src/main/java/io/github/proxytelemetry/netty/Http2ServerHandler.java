package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.TunnelKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Observes the requests that come on a client's streams, and their responses. */
final class Http2ServerHandler extends Http2Handler<Http2Exchange> implements Http2.Streams {
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
  private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");

  private final ServerConnectionHandler connection;
  private final Http2Head head = new Http2Head();
  private final Departure departure = new Departure();
  private ExchangeObservation latest = HttpServerHandler.NONE;

  Http2ServerHandler(ServerConnectionHandler connection) {
    this.connection = connection;
  }

  @Override
  public ExchangeObservation exchange(Channel channel) {
    if (!(channel instanceof Http2StreamChannel child)) {
      return latest;
    }
    Http2Exchange stream = streams.get(child.stream().id());
    return stream == null ? HttpServerHandler.NONE : stream.exchange();
  }

  @Override
  public @Nullable ServerTunnel tunnel(Channel channel) {
    Http2Exchange stream = of(channel);
    return stream == null ? null : stream.tunnel();
  }

  @Override
  public void bindTunnel(Channel channel, TunnelOutlet outlet) {
    Http2Exchange stream = of(channel);
    if (stream != null) {
      stream.bindTunnel(outlet);
      outlet.install();
    }
  }

  @Override
  @Nullable Http2Exchange opened(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
    Http2Headers headers = frame.headers();
    if (headers.method() == null) {
      return null;
    }
    ExchangeObservation exchange =
        connection
            .connection(ctx)
            .startExchange(new Http2RequestView(headers, connection.isSecure() ? "https" : "http"));
    latest = exchange;
    Http2Exchange stream = new Http2Exchange(exchange, tunnelKind(headers), departure);
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
    head.lend(frame);
    ChannelPromise end = stream.headersWritten(head, promise);
    Http2HeadersFrame lent = head.frame();
    CharSequence added = head.giveBack();
    passOn(ctx, lent, end);
    if (added != null) {
      lent.headers().remove(added);
    }
  }

  @Override
  void closed(int id, Http2Exchange stream) {
    stream.closed();
  }

  /** Only about streams that a server opens, by pushing. */
  @Override
  void goAwayRead(int lastStreamId) {}

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    if (ctx.channel().isActive()) {
      departure.closing();
    }
    super.close(ctx, promise);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      departure.inputClosed();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    departure.caught(cause);
    if (cause instanceof Http2Exception) {
      // An error of the whole connection: what follows cannot be understood either.
      for (Http2Exchange stream : streams.values()) {
        stream.failed(cause);
      }
    }
    super.exceptionCaught(ctx, cause);
  }

  private @Nullable Http2Exchange of(Channel channel) {
    return channel instanceof Http2StreamChannel child ? streams.get(child.stream().id()) : null;
  }

  /** What a 2xx would begin: RFC 9113, section 8.5, and RFC 8441, section 4. */
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
