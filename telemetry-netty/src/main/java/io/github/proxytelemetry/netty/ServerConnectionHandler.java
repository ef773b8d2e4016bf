package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Observes a client's connection, from the first place of its pipeline.
 *
 * <p>The handshake's event travels away from this place, so its future is asked for: lazily,
 * because SNI puts the {@link SslHandler} in only once the name is known.
 */
final class ServerConnectionHandler extends ChannelDuplexHandler {
  // A pipeline that never shows an HTTP codec is not searched for ever.
  private static final int MAX_SEARCHES = 64;

  private final ProxyTelemetry telemetry;
  private final Misuse misuse;
  private @Nullable DownstreamObservation connection;
  private @Nullable SslHandler watched;
  private boolean handshaking;
  private boolean secure;
  private boolean hasHttp;
  private boolean hasRead;
  private int searches;

  ServerConnectionHandler(ProxyTelemetry telemetry, Misuse misuse) {
    this.telemetry = telemetry;
    this.misuse = misuse;
  }

  /** The connection; begins to observe it where that has not happened yet. */
  DownstreamObservation connection(ChannelHandlerContext ctx) {
    DownstreamObservation current = connection;
    if (current == null) {
      current =
          telemetry.startDownstreamConnection(
              ctx.channel().localAddress(), ctx.channel().remoteAddress());
      connection = current;
      if (!expectsTls(ctx.pipeline())) {
        current.established();
      }
    }
    return current;
  }

  /** Whether what is read after us came over TLS. */
  boolean isSecure() {
    return secure;
  }

  /** Puts the handler for requests behind the HTTP codec, once the codec is there. */
  void completeInstall(ChannelPipeline pipeline) {
    if (hasHttp) {
      return;
    }
    ChannelHandlerContext codec = Places.serverCodec(pipeline);
    if (codec != null) {
      hasHttp = true;
      HttpServerHandler handler = new HttpServerHandler(this);
      pipeline.addAfter(codec.name(), null, handler);
      pipeline.channel().attr(HttpServerHandler.KEY).set(handler);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      connection(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connection(ctx);
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    DownstreamObservation current = connection(ctx);
    if (msg instanceof ByteBuf buffer) {
      hasRead = true;
      current.bytesRead(buffer.readableBytes());
    }
    boolean searching = searches < MAX_SEARCHES || (handshaking && watched == null);
    if (searching) {
      search(ctx, current);
    }
    ctx.fireChannelRead(msg);
    if (searching) {
      search(ctx, current);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    long bytes = Sizes.ofBytes(msg);
    if (bytes > 0) {
      connection(ctx).bytesWritten(bytes);
    }
    super.write(ctx, msg, promise);
  }

  /** The handlers behind us say first what the end means for their requests. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    if (hasRead && !hasHttp && !handshaking) {
      misuse.noServerCodec();
    }
    ended();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ended();
  }

  /** Looks, around the first reads, for what is put into the pipeline late. */
  private void search(ChannelHandlerContext ctx, DownstreamObservation current) {
    searches++;
    if (!handshaking && !secure && expectsTls(ctx.pipeline())) {
      handshaking = true;
      current.enter(ConnectionPhase.TLS_HANDSHAKE);
    }
    if (handshaking && watched == null) {
      SslHandler ssl = ctx.pipeline().get(SslHandler.class);
      if (ssl != null) {
        watched = ssl;
        ssl.handshakeFuture().addListener(future -> handshakeEnded(current, future.cause()));
      }
    }
    completeInstall(ctx.pipeline());
    if (hasHttp && !handshaking) {
      searches = MAX_SEARCHES;
    }
  }

  private void handshakeEnded(DownstreamObservation current, @Nullable Throwable cause) {
    handshaking = false;
    if (cause == null) {
      secure = true;
      current.established();
    } else {
      current.fail(
          Side.DOWNSTREAM,
          cause instanceof ClosedChannelException
              ? ProxyError.CLIENT_ABORT
              : Failures.classify(cause),
          cause);
    }
  }

  private void ended() {
    DownstreamObservation current = connection;
    if (current == null) {
      return;
    }
    if (handshaking) {
      // SNI and plain text: the handshake fails before there is an SslHandler to tell of it.
      current.fail(Side.DOWNSTREAM, ProxyError.TLS_PROTOCOL_ERROR, null);
    }
    current.end();
  }

  private static boolean expectsTls(ChannelPipeline pipeline) {
    return pipeline.get(SslHandler.class) != null || pipeline.get(AbstractSniHandler.class) != null;
  }
}
