package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Stands on either edge of a TLS handler until something has happened there once: before it until
 * the first bytes of a handshake come, behind it until the handshake is done.
 */
final class TlsEdge extends ChannelInboundHandlerAdapter {
  private final Runnable passed;
  private final boolean behind;
  private boolean done;

  private TlsEdge(Runnable passed, boolean behind) {
    this.passed = passed;
    this.behind = behind;
  }

  /** Tells of the first bytes for TLS. What stands before it may have bytes of its own. */
  static TlsEdge before(Runnable firstBytes) {
    return new TlsEdge(firstBytes, false);
  }

  /** Tells of the end of the handshake, when the host has heard of it and chosen its protocol. */
  static TlsEdge behind(Runnable done) {
    return new TlsEdge(done, true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!behind) {
      leave(ctx);
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ctx.fireUserEventTriggered(event);
    if (behind && event instanceof SslHandshakeCompletionEvent) {
      leave(ctx);
    }
  }

  private void leave(ChannelHandlerContext ctx) {
    if (!done) {
      done = true;
      passed.run();
      ctx.pipeline().remove(this);
    }
  }
}
