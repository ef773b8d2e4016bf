package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.examples.common.RequestsInTurn;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Relays requests of a connection of HTTP/1.1, or the one of a stream of HTTP/2. */
final class RelayHandler extends RequestsInTurn {
  private final Relays relays;
  private @Nullable OriginHandler origin;

  RelayHandler(Relays relays) {
    this.relays = relays;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (origin != null) {
      origin.clientWritable();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (origin != null) {
      origin.abandon();
    }
  }

  @Override
  protected void begin(ChannelHandlerContext ctx, HttpRequest head, ExchangeObservation exchange) {
    origin = new OriginHandler(this, ctx, head, exchange);
    relays.dial(ctx.channel(), exchange, origin);
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
  }
}
