package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.examples.common.RequestsInTurn;
import io.github.proxytelemetry.examples.common.TunnelHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** A client's connection of HTTP/1.1, or a stream of HTTP/2: has its requests forwarded. */
final class ClientHandler extends RequestsInTurn {
  private final Upstreams upstreams;

  private @Nullable Forwarding forwarding;

  ClientHandler(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(false);
    if (ctx.channel().isActive()) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (forwarding != null) {
      forwarding.clientWritable(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (forwarding != null) {
      forwarding.abandon();
    }
  }

  @Override
  protected void begin(ChannelHandlerContext ctx, HttpRequest head, ExchangeObservation exchange) {
    if (head.method().equals(HttpMethod.CONNECT)) {
      answer(ctx, HttpResponseStatus.NOT_IMPLEMENTED);
    } else {
      forwarding = new Forwarding(this, ctx, head, exchange, upstreams);
      forwarding.begin();
    }
  }

  @Override
  protected boolean send(HttpContent content) {
    if (forwarding == null) {
      content.release();
      return true;
    }
    return forwarding.send(content);
  }

  @Override
  protected void forget() {
    forwarding = null;
  }

  /** What follows is not HTTP any more. */
  void becomeTunnel(ChannelHandlerContext ctx, Channel upstream) {
    forwarding = null;
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addLast(new TunnelHandler(upstream));
    pipeline.remove(this);
    if (pipeline.get(HttpServerUpgradeHandler.class) != null) {
      pipeline.remove(HttpServerUpgradeHandler.class);
    }
    pipeline.remove(HttpServerCodec.class);
    ctx.channel().read();
  }
}
