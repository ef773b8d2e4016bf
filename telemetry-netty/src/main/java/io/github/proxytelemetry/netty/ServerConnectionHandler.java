package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * First handler in the pipeline of a client's connection.
 *
 * <p>The event of a TLS handshake is fired away from this handler, so the handshake's future is
 * used. The {@link SslHandler} is looked up late because SNI adds it once the server name is known.
 */
final class ServerConnectionHandler extends ConnectionHandler {
  // Bounds the cost of a pipeline that never contains an HTTP codec.
  private static final int MAX_SEARCHES = 64;

  private final DownstreamConnection connection;
  private @Nullable SslHandler watchedTls;
  private @Nullable HttpServerHandler http1;
  private @Nullable ChannelHandlerContext codec;
  private boolean hasHttp2;
  private boolean expectsTls;
  private boolean handshaking;
  private boolean moving;
  private boolean hasRead;
  private int searches;
  private boolean intercepting;
  private boolean replaced;
  private boolean probing;
  private boolean over;

  ServerConnectionHandler(DownstreamConnection connection) {
    super(connection.log());
    this.connection = connection;
  }

  DownstreamConnection connection() {
    return connection;
  }

  /** Adds a handler of requests behind each HTTP codec that the pipeline contains by now. */
  void completeInstall(ChannelPipeline pipeline) {
    ChannelHandlerContext found = needsCodec() ? PipelineLookup.serverCodec(pipeline) : null;
    if (found != null) {
      replace(pipeline, found);
    }
    if (!hasHttp2 && Http2Support.installServer(pipeline, connection)) {
      hasHttp2 = true;
      if (needsCodec()) {
        removeRequests(pipeline);
      }
      pipeline.channel().attr(HttpServerHandler.KEY).set(null);
    }
  }

  /** Whether no codec of HTTP/1.1 is known, or the host removed it, as it does for a tunnel. */
  private boolean needsCodec() {
    return codec == null || codec.isRemoved();
  }

  /** Behind another codec the requests are read by another handler; that ends a tunnel. */
  private void replace(ChannelPipeline pipeline, ChannelHandlerContext found) {
    removeRequests(pipeline);
    if (codec != null) {
      replaced = true;
      connection.setSecure(pipeline);
    }
    codec = found;
    intercepting = false;
    http1 = new HttpServerHandler(connection);
    setListener(http1);
    pipeline.addAfter(found.name(), null, http1);
    pipeline.channel().attr(HttpServerHandler.KEY).set(http1);
  }

  private void removeRequests(ChannelPipeline pipeline) {
    if (http1 != null && pipeline.context(http1) != null) {
      pipeline.remove(http1);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      connection.observation(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connection.observation(ctx);
    if (PipelineLookup.isBehindTls(ctx)) {
      moving = true;
      ctx.pipeline().remove(this);
      ctx.pipeline().addFirst(this);
      moving = false;
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf buffer) {
      hasRead = true;
      connection.observation(ctx).bytesRead(buffer.readableBytes());
    }
    if (!intercepting && !hasHttp2 && codec != null && codec.isRemoved()) {
      // A codec may be added again: for requests in a tunnel, or in place of the other one.
      intercepting = true;
      searches = 0;
    }
    boolean searching = searches < MAX_SEARCHES || (handshaking && watchedTls == null);
    if (searching) {
      search(ctx);
      probe(ctx.pipeline());
    }
    ctx.fireChannelRead(msg);
    if (searching) {
      search(ctx);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (!hasHttp2 && (searches < MAX_SEARCHES || connection.isHttp2Expected())) {
      searchOnWrite(ctx);
    }
    super.write(ctx, msg, promise);
  }

  /** A TLS handler also closes what the client has broken; without one it is the host. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    if (http1 != null && !connection.isSecure()) {
      http1.closing(ctx.channel());
    }
    super.close(ctx, promise);
  }

  @Override
  void bytesWritten(long bytes) {
    DownstreamObservation observation = connection.started();
    if (observation != null) {
      observation.bytesWritten(bytes);
    }
  }

  /** Handlers behind this one end their exchanges first. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    if (hasRead && http1 == null && !hasHttp2 && !expectsTls) {
      log.noServerCodec();
    }
    ended();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (!moving) {
      ended();
    }
  }

  /** Looks, before and after each of the first reads, for handlers that are added late. */
  private void search(ChannelHandlerContext ctx) {
    searches++;
    try {
      searchTls(ctx, connection.observation(ctx));
      completeInstall(ctx.pipeline());
    } catch (RuntimeException | Error failure) {
      log.adapterFailed(failure);
    }
    boolean found = http1 != null && http1.hasRead() && !intercepting;
    if (!expectsTls && (hasHttp2 || found)) {
      searches = MAX_SEARCHES;
    }
  }

  /** Behind ALPN the codec is found when the handshake has completed. */
  private void probe(ChannelPipeline pipeline) {
    if (!probing && misses() && pipeline.get(ApplicationProtocolNegotiationHandler.class) == null) {
      probing = true;
      CodecProbe.add(pipeline, this, this::probed);
    }
  }

  private boolean probed(ChannelPipeline pipeline) {
    completeInstall(pipeline);
    probing = misses() && searches < MAX_SEARCHES;
    return probing;
  }

  private boolean misses() {
    return !hasHttp2 && needsCodec();
  }

  /** After a request, TLS is a part of a tunnel that ends in the proxy. */
  private boolean hasServed() {
    return replaced || (http1 != null && http1.hasRead());
  }

  private void searchTls(ChannelHandlerContext ctx, DownstreamObservation observation) {
    ChannelHandlerContext tls =
        expectsTls || hasServed() || connection.isSecure()
            ? null
            : PipelineLookup.tls(ctx.pipeline());
    if (tls != null) {
      expectsTls = true;
      if (PipelineLookup.isDirectlyBehind(tls, ctx)) {
        handshakeStarted(ctx, observation);
      } else {
        // The first bytes may be for a handler in between, such as a PROXY protocol decoder.
        ctx.pipeline()
            .addBefore(
                tls.name(),
                null,
                TlsProbeHandler.onFirstBytes(() -> handshakeStarted(ctx, observation)));
      }
    }
    watchHandshake(ctx, observation);
  }

  /** An HTTP/2 codec writes as soon as it is added, and then reads on at once. */
  private void searchOnWrite(ChannelHandlerContext ctx) {
    if (connection.isHttp2Expected()) {
      connection.expectHttp2(false);
      searches = 1;
    }
    if (searches > 0 && searches < MAX_SEARCHES && ctx.channel().isActive()) {
      completeInstall(ctx.pipeline());
    }
  }

  private void handshakeStarted(ChannelHandlerContext ctx, DownstreamObservation observation) {
    handshaking = true;
    observation.enter(ConnectionPhase.TLS_HANDSHAKE);
    watchHandshake(ctx, observation);
  }

  private void watchHandshake(ChannelHandlerContext ctx, DownstreamObservation observation) {
    ChannelHandlerContext tls =
        handshaking && watchedTls == null ? ctx.pipeline().context(SslHandler.class) : null;
    if (tls == null) {
      return;
    }
    SslHandler handler = (SslHandler) tls.handler();
    watchedTls = handler;
    if (!hasHttp2) {
      // The host may add its codec when the handshake is done, and read on at once.
      ctx.pipeline()
          .addAfter(
              tls.name(),
              null,
              TlsProbeHandler.onHandshakeCompleted(() -> completeInstall(ctx.pipeline())));
    }
    handler.handshakeFuture().addListener(future -> handshakeEnded(observation, future.cause()));
  }

  private void handshakeEnded(DownstreamObservation observation, @Nullable Throwable cause) {
    handshaking = false;
    if (cause == null) {
      expectsTls = false;
      connection.setSecure();
      observation.established();
    } else {
      connection.handshakeFailed(
          cause instanceof ClosedChannelException
              ? ProxyError.CLIENT_ABORT
              : NettyErrors.classify(cause),
          cause);
    }
  }

  private void ended() {
    DownstreamObservation observation = connection.started();
    if (observation == null || over) {
      return;
    }
    over = true;
    if (handshaking) {
      // SNI and plain text: the handshake fails before there is an SslHandler with a future.
      connection.handshakeFailed(ProxyError.TLS_PROTOCOL_ERROR, null);
    }
    flushed.close();
    connection.release();
  }
}
