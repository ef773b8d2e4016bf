package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Observes requests and responses, from the place next to the HTTP codec: nobody answers a request
 * before it is seen here, and nothing changes a response after.
 *
 * <p>Requests are answered in the order in which they came (RFC 9112, section 9.3.2). A request and
 * its response end independently: an early answer ends before the upload does.
 */
final class HttpServerHandler extends ChannelDuplexHandler {
  static final AttributeKey<HttpServerHandler> KEY =
      AttributeKey.valueOf(HttpServerHandler.class, "handler");
  static final ExchangeObservation NONE = new ExchangeObservation() {};

  private final ServerConnectionHandler connection;
  private final Head head = new Head();
  private final Departure departure = new Departure();
  private final ServerResponses responses = new ServerResponses(departure);
  private boolean understood;
  private boolean reading;
  private @Nullable ServerTunnel tunnel;
  private @Nullable TunnelOutlet outlet;
  private long early;
  private boolean switchedToHttp2;

  HttpServerHandler(ServerConnectionHandler connection) {
    this.connection = connection;
  }

  /** Whether a request has come already. */
  boolean hasRead() {
    return understood;
  }

  @Nullable ServerTunnel tunnel() {
    return tunnel;
  }

  /** What comes out of the tunnel, which is there or is to come, leaves at this place. */
  void bindTunnel(TunnelOutlet place) {
    if (tunnel == null) {
      outlet = place;
    } else {
      tunnel.bind(place);
    }
  }

  /** What was written has been flushed. */
  void flushed() {
    responses.flushed();
  }

  /** The exchange whose request was read last. */
  ExchangeObservation latest() {
    ExchangeObservation latest = understood ? responses.latest() : null;
    return latest == null ? NONE : latest;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (tunnel != null) {
      tunnel.read(msg);
    } else if (!switchedToHttp2) {
      if (msg instanceof HttpRequest request) {
        readHead(ctx, request);
      }
      if (reading && msg instanceof HttpContent content) {
        readContent(latest(), content);
      }
      if (msg instanceof ByteBuf buffer && responses.firstKind() == Kind.CONNECT) {
        // A host that takes its decoder away on a CONNECT gets tunnel bytes before it has answered.
        early += buffer.readableBytes();
      }
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (tunnel != null) {
      super.write(ctx, msg, tunnel.write(msg, promise));
    } else if (switchedToHttp2) {
      super.write(ctx, msg, promise);
    } else if (msg instanceof HttpResponse response) {
      writeHead(ctx, response, promise);
    } else {
      super.write(ctx, msg, responses.content(msg, promise));
      responses.written();
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    // A response that is complete was so before its own listener closes the connection.
    responses.written();
    if (ctx.channel().isActive() && departure.closing() && tunnel != null) {
      tunnel.closedBy(Side.UPSTREAM);
    }
    super.close(ctx, promise);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      departure.inputClosed();
      if (tunnel != null) {
        tunnel.closedBy(Side.DOWNSTREAM);
      }
    } else if (event instanceof ChannelOutputShutdownEvent && tunnel != null) {
      tunnel.closedBy(Side.UPSTREAM);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    departure.caught(cause);
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (tunnel != null && !departure.isClosedByHost()) {
      tunnel.closedBy(Side.DOWNSTREAM);
    }
    closed();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      responses.forgotten();
    }
    closed();
    understood = false;
  }

  private void readHead(ChannelHandlerContext ctx, HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      // Not understood: it is no exchange, and nothing in it may become a label.
      reading = false;
      understood = false;
      return;
    }
    ExchangeObservation exchange =
        connection.connection(ctx).startExchange(new RequestView(request, connection.isSecure()));
    responses.add(exchange, Kind.of(request.method()));
    understood = true;
    reading = true;
  }

  private void readContent(ExchangeObservation exchange, HttpContent content) {
    int bytes = content.content().readableBytes();
    if (bytes > 0) {
      exchange.requestBytes(bytes);
    }
    if (content.decoderResult().isFailure()) {
      exchange.note(
          Side.DOWNSTREAM, ProxyError.HTTP_REQUEST_ERROR, content.decoderResult().cause());
    } else if (content instanceof LastHttpContent) {
      reading = false;
      exchange.requestEnd();
    }
  }

  private void writeHead(ChannelHandlerContext ctx, HttpResponse response, ChannelPromise promise)
      throws Exception {
    ExchangeObservation exchange = responses.first();
    Kind kind = responses.firstKind();
    int status = response.status().code();
    if (status < 200 && status != 101) {
      responses.interim(status, response instanceof LastHttpContent);
      super.write(ctx, response, promise);
      return;
    }
    if (exchange == null || kind == null) {
      // It answers nothing that was understood: a 400, or a 408 on an idle connection.
      super.write(ctx, response, promise);
      return;
    }
    responses.started(kind.isBodyless(status));
    exchange.responseStarted(status, response, head.lend());
    HttpMessage lent = head.giveBack(response);
    boolean added = head.hasAdded();
    if (kind.switches(status)) {
      switchProtocol(exchange, kind, response);
      super.write(ctx, lent, promise);
    } else {
      outlet = null;
      super.write(ctx, lent, responses.content(response, promise));
      responses.written();
    }
    if (added) {
      Head.takeOff(lent);
    }
  }

  private void switchProtocol(ExchangeObservation exchange, Kind kind, HttpResponse response) {
    responses.switched();
    // What is left of the request, its last content at least, may come yet and says nothing.
    reading = false;
    if (kind == Kind.CONNECT) {
      tunnel = new ServerTunnel(exchange.startTunnel(TunnelKind.CONNECT), early, outlet);
    } else if (response.headers().containsValue(HttpHeaderNames.UPGRADE, "h2c", true)) {
      // The same request comes once more, as the first stream of HTTP/2.
      switchedToHttp2 = true;
      connection.expectHttp2();
      exchange.discard();
    } else {
      boolean webSocket =
          response.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
      tunnel =
          new ServerTunnel(
              exchange.startTunnel(webSocket ? TunnelKind.WEBSOCKET : TunnelKind.UPGRADE),
              0,
              outlet);
    }
  }

  private void closed() {
    if (tunnel != null) {
      tunnel.end(departure.clientFailure());
    }
    responses.interrupted();
    if (reading) {
      reading = false;
      responses.uploadCutOff();
    }
  }
}
