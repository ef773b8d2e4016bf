package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpExpectationFailedEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Handler of a client's HTTP/1.1 requests and their responses. It is next to the HTTP codec, so no
 * handler can answer a request before this one has seen it, or change a response afterwards.
 *
 * <p>A request and its response end independently: an early response ends before the upload does.
 */
final class HttpServerHandler extends Http1Handler<ExchangeObservation> {
  static final AttributeKey<HttpServerHandler> KEY =
      AttributeKey.valueOf(HttpServerHandler.class, "handler");

  private final DownstreamConnection connection;

  /** Created by the first sign of an end, so that an idle connection has none. */
  private @Nullable DisconnectCause disconnect;

  private boolean hasRead;
  private boolean reading;
  private boolean interim;
  private boolean responding;
  private boolean bodyless;

  /** Made where a tunnel may open, as most connections never become one. */
  private @Nullable TunnelSlot tunnels;

  HttpServerHandler(DownstreamConnection connection) {
    this.connection = connection;
  }

  @Override
  WarningLog log() {
    return connection.log();
  }

  @Override
  public boolean isSecure() {
    return connection.isSecure();
  }

  /** Whether a request was read, and the latest one could be parsed. */
  boolean hasRead() {
    return hasRead;
  }

  /** Called on the event loop. */
  TunnelSlot tunnels() {
    if (tunnels == null) {
      tunnels = new TunnelSlot();
    }
    return tunnels;
  }

  private DisconnectCause disconnect() {
    if (disconnect == null) {
      disconnect = new DisconnectCause();
    }
    return disconnect;
  }

  /** The open tunnel, if there is one; called on any thread. */
  @Nullable ServerTunnel tunnel() {
    TunnelSlot slot = tunnels;
    return slot == null ? null : slot.current;
  }

  /** The exchange whose request was read last, until it is over. */
  ExchangeObservation exchange() {
    ExchangeObservation exchange = latest();
    return exchange == null ? Noop.EXCHANGE : exchange;
  }

  /** The exchange that the next response belongs to, or the latest if all are answered. */
  ExchangeObservation exchangeToAnswer() {
    ExchangeObservation first = first();
    return first == null ? exchange() : first;
  }

  @Override
  void read(ChannelHandlerContext ctx, Object msg) {
    TunnelSlot slot = tunnels;
    ServerTunnel tunnel = slot == null ? null : slot.current;
    if (tunnel != null && !(msg instanceof HttpRequest)) {
      tunnel.read(msg);
      return;
    }
    if (slot != null && tunnel != null) {
      // It ends in the proxy, or the host continues after a 101 that nobody asked for.
      slot.close();
      disconnect().setTunnel(null);
      connection.setSecure(ctx.pipeline());
    }
    if (msg instanceof HttpRequest request) {
      readHead(ctx, request);
    }
    if (reading && msg instanceof HttpContent content) {
      readContent(content);
    }
    if (msg instanceof ByteBuf buffer && first() != null && firstKind() == RequestKind.CONNECT) {
      // A host that removes its decoder on CONNECT reads tunnel bytes before it answers.
      tunnels().readEarly(buffer.readableBytes());
    }
  }

  @Override
  ChannelPromise beforeWrite(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    TunnelSlot slot = tunnels;
    ServerTunnel tunnel = slot == null ? null : slot.current;
    if (tunnel != null) {
      return tunnel.write(msg, promise);
    }
    return msg instanceof HttpResponse response
        ? writeHead(ctx, response, promise)
        : writePart(msg, promise);
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    closing(ctx.channel());
    super.close(ctx, promise);
  }

  /** The host closes the connection, maybe by a handler nearer to the socket than this one. */
  void closing(Channel client) {
    // A complete response may be what closes the connection, by a listener on its last write.
    checkWritten(false);
    if (client.isActive()) {
      disconnect().closing();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (DisconnectCause.isShownBy(event)) {
      disconnect().userEventTriggered(event);
    }
    if (event instanceof HttpExpectationFailedEvent && reading) {
      // The decoder continues with the next request, without an end of this one.
      endRequest();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    disconnect().exceptionCaught(cause);
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disconnect().closed();
    endAll(false);
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    endAll(ctx.channel().isActive());
    hasRead = false;
    setLatest(Noop.EXCHANGE);
  }

  private void readHead(ChannelHandlerContext ctx, HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      // A malformed head starts no exchange, and none of its content may become a label.
      hasRead = false;
      reading = false;
      setLatest(Noop.EXCHANGE);
      return;
    }
    if (reading) {
      endRequest();
    }
    ExchangeObservation exchange = connection.observation(ctx).startExchange(openView(request));
    closeView();
    setLatest(exchange);
    awaitResponse(RequestKind.of(request.method()));
    hasRead = true;
    reading = true;
  }

  /** Ends a request that was refused before its body was sent (RFC 9110, section 10.1.1). */
  private void endRequest() {
    reading = false;
    exchange().requestEnd();
  }

  private void readContent(HttpContent content) {
    ExchangeObservation exchange = latest;
    if (exchange == null) {
      return;
    }
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
      if (!latestUnanswered && latestWrite == null) {
        latest = null;
      }
    }
  }

  private ChannelPromise writeHead(
      ChannelHandlerContext ctx, HttpResponse response, ChannelPromise promise) {
    ExchangeObservation exchange = first();
    int status = response.status().code();
    boolean isFinal = status < 100 || status >= 200 || status == 101;
    interim = !isFinal && !(response instanceof LastHttpContent);
    if (exchange == null || !isFinal) {
      // Without an exchange it is a 400 for a malformed head, or a 408 on an idle connection.
      if (exchange != null) {
        exchange.informational(status, response, openHeaders());
        closeHeaders();
      }
      return promise;
    }
    RequestKind kind = firstKind();
    responding = true;
    bodyless = kind.isBodyless(status);
    exchange.responseStarted(status, response, openHeaders());
    closeHeaders();
    if (kind.switchesProtocol(status)) {
      switchProtocol(ctx, exchange, response.headers());
      return promise;
    }
    // The response opens no tunnel.
    tunnels = null;
    return writeContent(exchange, response, promise);
  }

  private void switchProtocol(
      ChannelHandlerContext ctx, ExchangeObservation exchange, HttpHeaders responseHeaders) {
    RequestKind kind = firstKind();
    // At least the last content of the request may follow; it is not part of the tunnel.
    reading = false;
    responding = false;
    removeFirst();
    if (kind != RequestKind.CONNECT
        && responseHeaders.containsValue(HttpHeaderNames.UPGRADE, "h2c", true)) {
      // The same request is read again, as the first stream of HTTP/2.
      exchange.discard();
      connection.expectHttp2();
      ctx.pipeline().remove(this);
      return;
    }
    TunnelObservation observation = exchange.startTunnel(kind.tunnelKind(responseHeaders));
    disconnect().setTunnel(tunnels().open(observation));
  }

  /** Reports a message that is not a head; returns the promise to write it with. */
  private ChannelPromise writePart(Object part, ChannelPromise promise) {
    if (interim) {
      interim = !(part instanceof LastHttpContent);
      return promise;
    }
    ExchangeObservation exchange = responding ? first() : null;
    return exchange == null ? promise : writeContent(exchange, part, promise);
  }

  private ChannelPromise writeContent(
      ExchangeObservation exchange, Object part, ChannelPromise promise) {
    LastHttpContent last = part instanceof LastHttpContent content ? content : null;
    if (!bodyless) {
      long bytes = last == null ? MessageSizes.ofContent(part) : last.content().readableBytes();
      if (bytes > 0) {
        exchange.responseBytes(bytes);
      }
    }
    if (last == null) {
      return promise;
    }
    if (TrailerAccess.isNeeded(last)) {
      exchange.responseTrailers(last.trailingHeaders(), TrailerAccess.INSTANCE);
    }
    responding = false;
    removeFirst();
    return lastWrite(exchange, promise);
  }

  @Override
  void messageWritten(ExchangeObservation exchange, @Nullable Throwable cause) {
    if (cause == null) {
      exchange.responseEnd();
      if (!reading && latest == exchange) {
        latest = null;
      }
      return;
    }
    stopReading(exchange);
    if (cause instanceof IOException) {
      disconnect().fail(exchange, cause);
    } else {
      exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  /**
   * Ends every open observation.
   *
   * @param unobserved whether the host removed the handler, so that their outcome is unknown
   */
  private void endAll(boolean unobserved) {
    disconnect().endTunnel();
    for (ExchangeObservation e = removeOldest(); e != null; e = removeOldest()) {
      stopReading(e);
      if (unobserved) {
        e.end();
      } else {
        disconnect().fail(e, disconnect().clientFailure());
      }
    }
    if (reading) {
      // The response is complete; only the rest of the upload is missing.
      reading = false;
      exchange().end();
    }
  }

  private @Nullable ExchangeObservation removeOldest() {
    ExchangeObservation oldest = removePendingWrite();
    return oldest == null ? removeFirst() : oldest;
  }

  /** The exchange has ended, so the rest of its request is ignored. */
  private void stopReading(ExchangeObservation exchange) {
    if (exchange == latest()) {
      reading = false;
    }
  }
}
