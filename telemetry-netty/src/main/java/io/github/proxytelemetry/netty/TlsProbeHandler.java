package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Temporary handler next to a TLS handler, which removes itself after it has run its task: before
 * the TLS handler until the first bytes arrive, behind it until the handshake has completed.
 */
final class TlsProbeHandler extends ChannelInboundHandlerAdapter {
  private final Runnable task;
  private final boolean afterHandshake;
  private boolean done;

  private TlsProbeHandler(Runnable task, boolean afterHandshake) {
    this.task = task;
    this.afterHandshake = afterHandshake;
  }

  /** For the place before the TLS handler, where bytes of earlier handlers do not arrive. */
  static TlsProbeHandler onFirstBytes(Runnable task) {
    return new TlsProbeHandler(task, false);
  }

  /** For the place behind the TLS handler; the host's handlers see the event first. */
  static TlsProbeHandler onHandshakeCompleted(Runnable task) {
    return new TlsProbeHandler(task, true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!afterHandshake) {
      run(ctx);
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ctx.fireUserEventTriggered(event);
    if (afterHandshake && event instanceof SslHandshakeCompletionEvent) {
      run(ctx);
    }
  }

  private void run(ChannelHandlerContext ctx) {
    if (!done) {
      done = true;
      task.run();
      ctx.pipeline().remove(this);
    }
  }
}
