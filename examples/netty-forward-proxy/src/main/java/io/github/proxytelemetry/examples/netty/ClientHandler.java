package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.examples.common.LocalAnswer;
import io.github.proxytelemetry.examples.common.RequestsInTurn;
import io.github.proxytelemetry.examples.common.TunnelHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import org.jspecify.annotations.Nullable;

/** A client's connection: sends each request where it wants to go. */
// A write that fails closes its connection, and that is what is acted on.
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientHandler extends RequestsInTurn {
  private static final AttemptObservation NO_ATTEMPT = new AttemptObservation() {};

  private final OriginConnector origins;

  private @Nullable OriginHandler origin;
  private @Nullable Channel upstream;
  private AttemptObservation attempt = NO_ATTEMPT;

  ClientHandler(OriginConnector origins) {
    this.origins = origins;
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
  protected void begin(ChannelHandlerContext ctx, HttpRequest head, ExchangeObservation exchange) {
    Destination destination = Destination.of(head);
    if (destination == null) {
      answer(ctx, HttpResponseStatus.BAD_REQUEST);
    } else if (origins.isBlocked(destination)) {
      exchange.note(Side.PROXY, ProxyError.HTTP_REQUEST_DENIED, null); // telemetry: why a 403
      answer(ctx, HttpResponseStatus.FORBIDDEN);
    } else {
      // telemetry: a try at an upstream
      attempt = exchange.startAttempt(origins.upstream(destination));
      if (head.method().equals(HttpMethod.CONNECT)) {
        openTunnel(ctx, destination, exchange);
      } else {
        forward(ctx, head, destination, exchange);
      }
    }
  }

  @Override
  protected boolean send(HttpContent content) {
    if (origin == null) {
      content.release();
      return true;
    }
    return origin.send(content);
  }

  @Override
  protected void forget() {
    origin = null;
    upstream = null;
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
            origins.bindTunnel(ctx.channel(), connected.channel());
            ctx.writeAndFlush(LocalAnswer.established())
                .addListener(written -> becomeTunnel(ctx, connected.channel()));
          } else {
            connectFailed(ctx, exchange, done.cause());
          }
        });
  }

  private void becomeTunnel(ChannelHandlerContext ctx, Channel upstream) {
    // A client who sends before it may has had its bytes taken for a request.
    if (!ctx.channel().isActive() || hasMore()) {
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
}
