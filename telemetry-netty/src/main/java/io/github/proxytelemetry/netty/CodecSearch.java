package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Search for the HTTP codec and the TLS handler of a client's connection, which a host may add
 * late. It is over, and let go, once a request has reached the codec that was found.
 *
 * <p>The event of a TLS handshake is fired away from the connection's first handler, so the
 * handshake's future is used. The {@link SslHandler} is looked up late because SNI adds it once the
 * server name is known.
 */
final class CodecSearch {
  // Bounds the cost of a pipeline that never contains an HTTP codec.
  private static final int MAX_SEARCHES = 64;

  private final ServerConnectionHandler connection;
  private int searches;
  private boolean expectsTls;
  private boolean handshaking;
  private boolean watched;
  private boolean probing;
  private boolean moving;
  private boolean hasRead;

  CodecSearch(ServerConnectionHandler connection) {
    this.connection = connection;
  }

  /** Whether to search before and after the next read. */
  boolean isActive() {
    return searches < MAX_SEARCHES || (handshaking && !watched);
  }

  /** Whether bytes were read, and there was no codec for them. */
  boolean hasMissed() {
    return hasRead && !expectsTls && connection.hasNoRequests();
  }

  boolean isHandshaking() {
    return handshaking;
  }

  /** Whether the connection's handler is being moved, and so not removed. */
  boolean isMoving() {
    return moving;
  }

  void setMoving(boolean moves) {
    moving = moves;
  }

  /** A codec may be added again: for requests in a tunnel, or in place of the other one. */
  void restart() {
    searches = 0;
  }

  /** Looks for handlers before a message is passed on to them. */
  void beforeRead(ChannelHandlerContext ctx, Object message) {
    hasRead |= message instanceof ByteBuf;
    search(ctx);
    probe(ctx.pipeline());
  }

  /** Looks for handlers that were added while a message was read. */
  void search(ChannelHandlerContext ctx) {
    searches++;
    try {
      searchTls(ctx, connection.observation(ctx));
      connection.completeInstall(ctx.pipeline());
    } catch (RuntimeException | Error failure) {
      connection.log().adapterFailed(failure);
    }
    if (!expectsTls && connection.isComplete()) {
      connection.searchIsOver();
    }
  }

  /** An HTTP/2 codec writes as soon as it is added, and then reads on at once. */
  void beforeWrite(ChannelHandlerContext ctx, boolean expectsHttp2) {
    if (expectsHttp2) {
      searches = 1;
    }
    if (searches > 0 && searches < MAX_SEARCHES && ctx.channel().isActive()) {
      connection.completeInstall(ctx.pipeline());
    }
  }

  /** Behind ALPN the codec is found when the handshake has completed. */
  private void probe(ChannelPipeline pipeline) {
    if (!probing
        && connection.misses()
        && pipeline.get(ApplicationProtocolNegotiationHandler.class) == null) {
      probing = true;
      CodecProbe.add(pipeline, connection, this::probed);
    }
  }

  private boolean probed(ChannelPipeline pipeline) {
    connection.completeInstall(pipeline);
    probing = connection.misses() && searches < MAX_SEARCHES;
    return probing;
  }

  private void searchTls(ChannelHandlerContext ctx, DownstreamObservation observation) {
    // After a request, TLS is a part of a tunnel that ends in the proxy.
    ChannelHandlerContext tls =
        expectsTls || connection.hasServed() || connection.isSecure()
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

  private void handshakeStarted(ChannelHandlerContext ctx, DownstreamObservation observation) {
    handshaking = true;
    observation.enter(ConnectionPhase.TLS_HANDSHAKE);
    watchHandshake(ctx, observation);
  }

  private void watchHandshake(ChannelHandlerContext ctx, DownstreamObservation observation) {
    ChannelHandlerContext tls =
        handshaking && !watched ? ctx.pipeline().context(SslHandler.class) : null;
    if (tls == null) {
      return;
    }
    watched = true;
    if (!connection.hasHttp2()) {
      // The host may add its codec when the handshake is done, and read on at once.
      ctx.pipeline()
          .addAfter(
              tls.name(),
              null,
              TlsProbeHandler.onHandshakeCompleted(
                  () -> connection.completeInstall(ctx.pipeline())));
    }
    ((SslHandler) tls.handler())
        .handshakeFuture()
        .addListener(future -> handshakeEnded(observation, future.cause()));
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
}
