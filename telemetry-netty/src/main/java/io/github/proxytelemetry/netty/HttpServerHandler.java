package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Observes requests and responses, from the place next to the HTTP codec: nobody answers a request
 * before it is seen here, and nothing changes a response after.
 *
 * <p>Requests are answered in the order in which they came (RFC 9112, section 9.3.2). A request and
 * its response end independently: an early answer ends before the upload does.
 */
final class HttpServerHandler extends ChannelDuplexHandler implements ChannelFutureListener {
  static final AttributeKey<HttpServerHandler> KEY =
      AttributeKey.valueOf(HttpServerHandler.class, "handler");
  static final ExchangeObservation NONE = new ExchangeObservation() {};

  private final ServerConnectionHandler connection;
  private final RequestView view = new RequestView();
  private final Head head = new Head();
  private final InFlight<ExchangeObservation, Kind> waiting = new InFlight<>();
  private final InFlight<ExchangeObservation, ChannelFuture> finishing = new InFlight<>();
  private ExchangeObservation latest = NONE;
  private @Nullable ExchangeObservation reading;
  private @Nullable ServerTunnel tunnel;
  private boolean responding;
  private boolean bodyless;
  private boolean interim;
  private boolean switchedToHttp2;
  private boolean inputClosed;
  private boolean closedByHost;
  private @Nullable Throwable clientFailure;

  HttpServerHandler(ServerConnectionHandler connection) {
    this.connection = connection;
  }

  /** The exchange whose request was read last. */
  ExchangeObservation latest() {
    return latest;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (tunnel != null) {
      tunnel.read(msg);
    } else if (!switchedToHttp2) {
      if (msg instanceof HttpRequest request) {
        readHead(ctx, request);
      }
      if (reading != null && msg instanceof HttpContent content) {
        readContent(reading, content);
      }
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (tunnel != null) {
      tunnel.write(msg, promise);
      super.write(ctx, msg, promise);
    } else if (switchedToHttp2) {
      super.write(ctx, msg, promise);
    } else if (msg instanceof HttpResponse response) {
      writeHead(ctx, response, promise);
    } else {
      super.write(ctx, msg, writeContent(msg, promise));
    }
  }

  /** The last byte of a response was written, or will never be. */
  @Override
  public void operationComplete(ChannelFuture future) {
    ExchangeObservation exchange = finishing.remove(future);
    if (exchange == null) {
      return;
    }
    Throwable cause = future.cause();
    if (cause == null) {
      exchange.responseEnd();
    } else if (cause instanceof IOException) {
      interrupted(exchange, cause);
    } else {
      exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    if (ctx.channel().isActive() && clientFailure == null && !inputClosed && !closedByHost) {
      closedByHost = true;
      if (tunnel != null) {
        tunnel.closedBy(Side.UPSTREAM);
      }
    }
    super.close(ctx, promise);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
      if (tunnel != null) {
        tunnel.closedBy(Side.DOWNSTREAM);
      }
    } else if (event instanceof ChannelOutputShutdownEvent && tunnel != null) {
      tunnel.closedBy(Side.UPSTREAM);
    }
    ctx.fireUserEventTriggered(event);
  }

  /** A reset is seen here before the host closes the connection because of it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException && clientFailure == null && !closedByHost) {
      clientFailure = cause;
    }
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (tunnel != null && !closedByHost) {
      tunnel.closedBy(Side.DOWNSTREAM);
    }
    closed();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      // The host goes on without us: how its requests end is not known.
      endAll(waiting);
      endAll(finishing);
    }
    closed();
    latest = NONE;
  }

  private void readHead(ChannelHandlerContext ctx, HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      // Not understood: it is no exchange, and nothing in it may become a label.
      reading = null;
      latest = NONE;
      return;
    }
    view.show(request, connection.isSecure());
    ExchangeObservation exchange = connection.connection(ctx).startExchange(view);
    view.clear();
    waiting.add(exchange, Kind.of(request.method()));
    latest = exchange;
    reading = exchange;
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
      reading = null;
      exchange.requestEnd();
    }
  }

  private void writeHead(ChannelHandlerContext ctx, HttpResponse response, ChannelPromise promise)
      throws Exception {
    ExchangeObservation exchange = waiting.first();
    Kind kind = waiting.firstKey();
    int status = response.status().code();
    if (status < 200 && status != 101) {
      interim = !(response instanceof LastHttpContent);
      if (exchange != null) {
        exchange.informational(status);
      }
      super.write(ctx, response, promise);
      return;
    }
    if (exchange == null || kind == null) {
      // It answers nothing that was understood: a 400, or a 408 on an idle connection.
      super.write(ctx, response, promise);
      return;
    }
    interim = false;
    responding = true;
    bodyless = kind.isBodyless(status);
    exchange.responseStarted(status, head.lend(response), Head.ACCESS);
    if (kind.switches(status)) {
      switchProtocol(exchange, kind, response);
      super.write(ctx, head.message(), promise);
    } else {
      super.write(ctx, head.message(), writeContent(response, promise));
    }
    head.giveBack();
  }

  private ChannelPromise writeContent(Object msg, ChannelPromise promise) {
    ExchangeObservation exchange = waiting.first();
    boolean last = msg instanceof LastHttpContent;
    if (interim) {
      interim = !last;
      return promise;
    }
    if (!responding || exchange == null) {
      return promise;
    }
    long bytes = bodyless ? 0 : Sizes.ofContent(msg);
    if (bytes > 0) {
      exchange.responseBytes(bytes);
    }
    if (!last) {
      return promise;
    }
    responding = false;
    waiting.removeFirst();
    ChannelPromise end = promise.unvoid();
    finishing.add(exchange, end);
    end.addListener(this);
    return end;
  }

  private void switchProtocol(ExchangeObservation exchange, Kind kind, HttpResponse response) {
    waiting.removeFirst();
    responding = false;
    // What is left of the request, its last content at least, may come yet and says nothing.
    reading = null;
    if (kind == Kind.CONNECT) {
      tunnel = new ServerTunnel(exchange.startTunnel(TunnelKind.CONNECT));
    } else if (response.headers().containsValue(HttpHeaderNames.UPGRADE, "h2c", true)) {
      // The same request comes once more, as the first stream of HTTP/2.
      switchedToHttp2 = true;
      exchange.discard();
    } else {
      boolean webSocket =
          response.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
      tunnel =
          new ServerTunnel(
              exchange.startTunnel(webSocket ? TunnelKind.WEBSOCKET : TunnelKind.UPGRADE));
    }
  }

  private void closed() {
    if (tunnel != null) {
      tunnel.end(clientFailure);
    }
    interruptAll(waiting);
    interruptAll(finishing);
    if (reading != null) {
      // Its response is complete, so nothing is missing but the rest of an upload.
      reading.end();
      reading = null;
    }
  }

  private void interruptAll(InFlight<ExchangeObservation, ?> exchanges) {
    for (ExchangeObservation e = exchanges.removeFirst(); e != null; e = exchanges.removeFirst()) {
      interrupted(e, clientFailure);
    }
  }

  private void interrupted(ExchangeObservation exchange, @Nullable Throwable cause) {
    if (closedByHost) {
      exchange.fail(Side.PROXY, ProxyError.CONNECTION_TERMINATED, cause);
    } else {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, cause);
    }
  }

  private static void endAll(InFlight<ExchangeObservation, ?> exchanges) {
    for (ExchangeObservation e = exchanges.removeFirst(); e != null; e = exchanges.removeFirst()) {
      e.end();
    }
  }
}
