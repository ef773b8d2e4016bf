package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: takes one request after the other and sends each where it wants to go.
 *
 * <p>What one read brought waits in the inbox for its turn. When that is empty the next read is
 * asked for, also while an answer is awaited, so that a client who leaves is noticed; but not while
 * the origin is slower than the client.
 */
// A write that fails closes its connection, and that is what is acted on.
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientHandler extends ChannelInboundHandlerAdapter {
  private static final AttemptObservation NO_ATTEMPT = new AttemptObservation() {};

  private final OriginConnector origins;

  private final Queue<Object> inbox = new ArrayDeque<>();

  private @Nullable HttpRequest request;
  private @Nullable OriginHandler origin;
  private @Nullable Channel upstream;
  private AttemptObservation attempt = NO_ATTEMPT;
  private boolean keepAlive;
  private boolean requestRead;
  private boolean answered;
  private boolean paused;
  private boolean taking;

  ClientHandler(OriginConnector origins) {
    this.origins = origins;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    // telemetry: asked for now, since another request may be read before this one's turn
    inbox.add(
        message instanceof HttpRequest head
            ? new Incoming(head, NettyTelemetry.exchange(ctx.channel()))
            : message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    takeFromInbox(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (upstream != null && ctx.channel().isWritable()) {
      upstream.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (upstream != null) {
      attempt.cancel(); // telemetry: given up, not failed
      upstream.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    inbox.forEach(ReferenceCountUtil::release);
    inbox.clear();
  }

  /** The origin can take more of the request. */
  void resume(ChannelHandlerContext ctx) {
    if (paused) {
      paused = false;
      takeFromInbox(ctx);
    }
  }

  /** The response has no other end than that of the connection. */
  void closeAfterAnswer() {
    keepAlive = false;
  }

  boolean keepsAlive() {
    return keepAlive;
  }

  /** Answers in the origin's place. */
  void answer(ChannelHandlerContext ctx, HttpResponseStatus status) {
    HttpResponse response = LocalAnswer.of(status);
    if (request != null) {
      HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), keepAlive);
    }
    ctx.writeAndFlush(response);
    answered(ctx);
  }

  /** The end of the response has been written. */
  void answered(ChannelHandlerContext ctx) {
    answered = true;
    origin = null;
    upstream = null;
    // The rest of the request is of no use to anybody, but stands before the next one.
    paused = false;
    if (requestRead) {
      finish(ctx);
    }
    takeFromInbox(ctx);
  }

  private void takeFromInbox(ChannelHandlerContext ctx) {
    // What is taken may be answered at once, which leads here again.
    if (taking) {
      return;
    }
    taking = true;
    while (!inbox.isEmpty() && !paused && (request == null || !requestRead)) {
      take(ctx, inbox.remove());
    }
    taking = false;
    if (inbox.isEmpty() && !paused) {
      ctx.read();
    }
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Incoming incoming) {
      begin(ctx, incoming.head(), incoming.exchange());
    } else if (message instanceof HttpContent content && request != null) {
      takeContent(ctx, content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest head, ExchangeObservation exchange) {
    request = head;
    answered = false;
    // Nothing can be understood that follows what was not understood.
    requestRead = head.decoderResult().isFailure();
    keepAlive = !requestRead && HttpUtil.isKeepAlive(head);
    Destination destination = requestRead ? null : Destination.of(head);
    if (destination == null) {
      answer(ctx, HttpResponseStatus.BAD_REQUEST);
    } else if (origins.isBlocked(destination)) {
      exchange.note(Side.PROXY, ProxyError.HTTP_REQUEST_DENIED, null); // telemetry: why a 403
      answer(ctx, HttpResponseStatus.FORBIDDEN);
    } else {
      // telemetry: a try at an upstream
      attempt = exchange.startAttempt(Upstream.of(destination.host(), destination.port()));
      if (head.method().equals(HttpMethod.CONNECT)) {
        openTunnel(ctx, destination, exchange);
      } else {
        forward(ctx, head, destination, exchange);
      }
    }
  }

  private void forward(
      ChannelHandlerContext ctx,
      HttpRequest head,
      Destination destination,
      ExchangeObservation exchange) {
    OriginHandler handler =
        new OriginHandler(this, ctx, exchange, attempt, head, destination, origins);
    origin = handler;
    ChannelFuture connected =
        origins.dial(ctx.channel(), destination, attempt, new HttpClientCodec(), handler);
    upstream = connected.channel();
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            connectFailed(ctx, exchange, done.cause());
          }
        });
  }

  private void openTunnel(
      ChannelHandlerContext ctx, Destination destination, ExchangeObservation exchange) {
    ChannelFuture connected =
        origins.dial(ctx.channel(), destination, attempt, new TunnelHandler(ctx.channel()));
    upstream = connected.channel();
    connected.addListener(
        done -> {
          if (done.isSuccess()) {
            ctx.writeAndFlush(LocalAnswer.established())
                .addListener(written -> becomeTunnel(ctx, connected.channel()));
          } else {
            connectFailed(ctx, exchange, done.cause());
          }
        });
  }

  private void becomeTunnel(ChannelHandlerContext ctx, Channel upstream) {
    // A client who sends before it may has had its bytes taken for a request.
    if (!ctx.channel().isActive() || !inbox.isEmpty()) {
      upstream.close();
      ctx.close();
      return;
    }
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addLast(new TunnelHandler(upstream));
    pipeline.remove(this);
    pipeline.remove(HttpServerCodec.class);
    ctx.channel().read();
    upstream.read();
  }

  private void connectFailed(
      ChannelHandlerContext ctx, ExchangeObservation exchange, @Nullable Throwable cause) {
    if (!ctx.channel().isActive()) {
      return;
    }
    if (cause instanceof ConnectTimeoutException) {
      exchange.note(Side.UPSTREAM, ProxyError.CONNECTION_TIMEOUT, cause); // telemetry: why a 504
      answer(ctx, HttpResponseStatus.GATEWAY_TIMEOUT);
    } else {
      answer(ctx, HttpResponseStatus.BAD_GATEWAY);
    }
  }

  private void takeContent(ChannelHandlerContext ctx, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      ctx.close();
      return;
    }
    requestRead = content instanceof LastHttpContent;
    if (origin == null) {
      content.release();
    } else {
      paused = !origin.send(content) && !requestRead;
    }
    if (requestRead && answered) {
      finish(ctx);
    }
  }

  private void finish(ChannelHandlerContext ctx) {
    request = null;
    if (!keepAlive) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private record Incoming(HttpRequest head, ExchangeObservation exchange) {}
}
