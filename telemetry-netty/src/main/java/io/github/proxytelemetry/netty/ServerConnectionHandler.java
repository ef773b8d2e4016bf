package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Observes a client's connection, from the first place of its pipeline.
 *
 * <p>The handshake's event travels away from this place, so its future is asked for: lazily,
 * because SNI puts the {@link SslHandler} in only once the name is known.
 */
final class ServerConnectionHandler extends ConnectionHandler {
  // A pipeline that never shows an HTTP codec is not searched for ever.
  private static final int MAX_SEARCHES = 64;

  private final ProxyTelemetry telemetry;
  private final Misuse misuse;
  private @Nullable DownstreamObservation connection;
  private @Nullable SslHandler watched;
  private @Nullable HttpServerHandler http1;
  private boolean expectsTls;
  private boolean handshaking;
  private boolean secure;
  private boolean hasHttp2;
  private boolean moving;
  private boolean hasRead;
  private int searches;
  private boolean over;
  private @Nullable AtomicInteger held;

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
      if (Places.tls(ctx.pipeline()) == null) {
        current.established();
      }
    }
    return current;
  }

  /** The host knows better where the client is. */
  void clientAddress(SocketAddress address) {
    if (connection != null) {
      connection.clientAddress(address);
    }
  }

  /** Whether what is read after us came over TLS. */
  boolean isSecure() {
    return secure;
  }

  /** An upgrade to HTTP/2 was agreed on: its codec comes with what is written next. */
  void expectHttp2() {
    searches = 1;
  }

  /** Puts a handler for requests behind each codec for HTTP, once the codec is there. */
  void completeInstall(ChannelPipeline pipeline) {
    ChannelHandlerContext codec = http1 == null ? Places.serverCodec(pipeline) : null;
    if (codec != null) {
      http1 = new HttpServerHandler(this);
      pipeline.addAfter(codec.name(), null, http1);
      pipeline.channel().attr(HttpServerHandler.KEY).set(http1);
    }
    if (!hasHttp2 && Http2.installServer(pipeline, this, misuse)) {
      hasHttp2 = true;
      pipeline.channel().attr(HttpServerHandler.KEY).set(null);
    }
  }

  /** The connection does not end before {@link #release}; called on its event loop. */
  void hold() {
    if (held == null) {
      // The one is for the connection itself.
      held = new AtomicInteger(1);
    }
    held.incrementAndGet();
  }

  /** What held the connection is over; called from any thread. */
  void release() {
    AtomicInteger holders = held;
    DownstreamObservation current = connection;
    if (holders != null && holders.decrementAndGet() == 0 && current != null) {
      current.end();
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
    if (Places.isBehindTls(ctx)) {
      moving = true;
      ctx.pipeline().remove(this);
      ctx.pipeline().addFirst(this);
      moving = false;
    }
    ctx.fireChannelActive();
  }

  @Override
  void flushReturned() {
    if (http1 != null) {
      http1.flushed();
    }
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
    if (!hasHttp2 && searches > 0 && searches < MAX_SEARCHES && ctx.channel().isActive()) {
      // A codec for HTTP/2 writes as soon as it is there, and reads on at once.
      completeInstall(ctx.pipeline());
    }
    super.write(ctx, msg, promise);
  }

  @Override
  void bytesWritten(long bytes) {
    DownstreamObservation current = connection;
    if (current != null) {
      current.bytesWritten(bytes);
    }
  }

  /** The handlers behind us say first what the end means for their requests. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    if (hasRead && !hasHttp() && !expectsTls) {
      misuse.noServerCodec();
    }
    ended();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (!moving) {
      ended();
    }
  }

  /** Looks, around the first reads, for what is put into the pipeline late. */
  private void search(ChannelHandlerContext ctx, DownstreamObservation current) {
    searches++;
    ChannelHandlerContext tls = expectsTls || secure ? null : Places.tls(ctx.pipeline());
    if (tls != null) {
      expectsTls = true;
      if (Places.isDirectlyBehind(tls, ctx)) {
        handshakeStarted(ctx, current);
      } else {
        // The bytes may be for what stands between, such as a decoder of the PROXY protocol.
        ctx.pipeline()
            .addBefore(tls.name(), null, TlsEdge.before(() -> handshakeStarted(ctx, current)));
      }
    }
    watchHandshake(ctx, current);
    completeInstall(ctx.pipeline());
    if (!expectsTls && (hasHttp2 || (http1 != null && http1.hasRead()))) {
      searches = MAX_SEARCHES;
    }
  }

  private void handshakeStarted(ChannelHandlerContext ctx, DownstreamObservation current) {
    handshaking = true;
    current.enter(ConnectionPhase.TLS_HANDSHAKE);
    watchHandshake(ctx, current);
  }

  private void watchHandshake(ChannelHandlerContext ctx, DownstreamObservation current) {
    ChannelHandlerContext tls =
        handshaking && watched == null ? ctx.pipeline().context(SslHandler.class) : null;
    if (tls == null) {
      return;
    }
    SslHandler ssl = (SslHandler) tls.handler();
    watched = ssl;
    if (!hasHttp2) {
      // The host may choose its protocol when the handshake is done, and read on at once.
      ctx.pipeline()
          .addAfter(tls.name(), null, TlsEdge.behind(() -> completeInstall(ctx.pipeline())));
    }
    ssl.handshakeFuture().addListener(future -> handshakeEnded(current, future.cause()));
  }

  private void handshakeEnded(DownstreamObservation current, @Nullable Throwable cause) {
    handshaking = false;
    if (cause == null) {
      expectsTls = false;
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
    if (current == null || over) {
      return;
    }
    over = true;
    if (handshaking) {
      // SNI and plain text: the handshake fails before there is an SslHandler to tell of it.
      current.fail(Side.DOWNSTREAM, ProxyError.TLS_PROTOCOL_ERROR, null);
    }
    flushed.close();
    if (held == null) {
      current.end();
    } else {
      release();
    }
  }

  private boolean hasHttp() {
    return http1 != null || hasHttp2;
  }
}
