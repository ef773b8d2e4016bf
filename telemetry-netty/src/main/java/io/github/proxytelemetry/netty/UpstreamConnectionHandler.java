package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * First handler in the pipeline of a connection to an upstream.
 *
 * <p>A channel that never becomes active fires no event: a failed dial is seen in the promise of
 * {@code connect}, and a failed name lookup as a {@code close} before any {@code connect}.
 */
final class UpstreamConnectionHandler extends ConnectionHandler implements TunnelUpstream.Writes {
  private final UpstreamConnection connection;
  private boolean moving;
  private boolean connecting;
  private @Nullable TunnelUpstream tunnel;
  private long writtenBeforeTunnel;

  UpstreamConnectionHandler(UpstreamConnection connection) {
    this.connection = connection;
  }

  /** Whether the connection is dialled for the attempt. */
  boolean isFor(AttemptObservation attempt) {
    return connection.attempt == attempt;
  }

  /** Adds the handler of requests behind the HTTP codec, if the pipeline contains one by now. */
  void completeInstall(ChannelPipeline pipeline) {
    if (connection.hasHttp()) {
      return;
    }
    ChannelHandlerContext codec = PipelineLookup.clientCodec(pipeline);
    ConnectionListener requests;
    if (codec == null) {
      requests = Http2Support.installUpstream(pipeline, connection);
    } else {
      HttpClientHandler handler = new HttpClientHandler(connection);
      pipeline.addAfter(codec.name(), null, handler);
      requests = handler;
    }
    if (requests != null) {
      setListener(requests);
      connection.httpAdded();
    }
  }

  /** Counts further writes as bytes of a client's tunnel. */
  void bindTunnel(TunnelUpstream bound) {
    writtenBeforeTunnel = trackForTunnel(bound.channel());
    tunnel = bound;
  }

  @Override
  public boolean areWaiting() {
    return isWaiting();
  }

  @Override
  WarningLog log() {
    return connection.log();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!moving && ctx.channel().isActive()) {
      connected(ctx);
    } else if (!moving) {
      connection.enter(ConnectionPhase.DNS_LOOKUP);
    }
  }

  /**
   * The given promise already has the host's listeners, which may end the attempt. So the transport
   * gets a new promise, and its result is recorded before the given one is completed.
   */
  @Override
  public void connect(
      ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise)
      throws Exception {
    connecting = true;
    completeInstall(ctx.pipeline());
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    ChannelPromise result = ctx.newPromise();
    result.addListener(
        future -> {
          if (future.isSuccess()) {
            moveBeforeTls(ctx);
            connected(ctx);
            promise.trySuccess();
          } else {
            if (future.isCancelled()) {
              cancel();
            } else {
              fail(NettyErrors.classify(future.cause()), future.cause());
            }
            promise.tryFailure(future.cause());
          }
        });
    Promises.tryListen(
        promise,
        future -> {
          if (future.isCancelled()) {
            result.cancel(false);
          }
        });
    super.connect(ctx, remote, local, result);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf buffer) {
      connection.bytesRead(buffer.readableBytes());
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  void bytesWritten(long bytes) {
    connection.bytesWritten(bytes);
    TunnelUpstream bound = tunnel;
    if (bound == null) {
      return;
    }
    long others = Math.min(bytes, writtenBeforeTunnel);
    writtenBeforeTunnel -= others;
    if (bytes > others) {
      bound.written(bytes - others);
    }
  }

  @Override
  void readProgress(Channel channel) {
    super.readProgress(channel);
    if (tunnel != null && !isWaiting()) {
      tunnel.settled();
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    checkProgress(ctx.channel());
    if (!connection.isEstablished()) {
      if (connecting || ctx.channel().isActive()) {
        cancel();
      } else {
        // A host that gives up this early must cancel the attempt before it closes the channel.
        fail(ProxyError.DNS_ERROR, null);
      }
    }
    super.close(ctx, promise);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      connection.readOver();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connection.readOver();
    ctx.fireChannelInactive();
    closed();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (!moving) {
      if (ctx.channel().isActive()) {
        cancel();
      }
      closed();
    }
  }

  private void moveBeforeTls(ChannelHandlerContext ctx) {
    if (PipelineLookup.isBehindTls(ctx)) {
      moving = true;
      ctx.pipeline().remove(this);
      ctx.pipeline().addFirst(this);
      moving = false;
    }
  }

  private void connected(ChannelHandlerContext ctx) {
    if (ctx.pipeline().get(SslHandler.class) == null && !ProxyHandlers.isIn(ctx.pipeline())) {
      established(ctx);
    } else {
      awaitHandshakes(ctx, ctx.pipeline().iterator());
    }
  }

  /** Waits for the handshakes with proxies and TLS peers, in the order of their handlers. */
  private void awaitHandshakes(
      ChannelHandlerContext ctx, Iterator<Map.Entry<String, ChannelHandler>> handlers) {
    while (handlers.hasNext()) {
      Future<?> handshake = startHandshake(ctx.pipeline(), handlers.next().getValue());
      if (handshake != null) {
        handshake.addListener(
            future -> {
              if (future.isSuccess()) {
                awaitHandshakes(ctx, handlers);
              } else {
                connection.handshakeFailed(NettyErrors.classify(future.cause()), future.cause());
              }
            });
        return;
      }
    }
    established(ctx);
  }

  private @Nullable Future<?> startHandshake(ChannelPipeline pipeline, ChannelHandler handler) {
    if (handler instanceof SslHandler tls) {
      connection.enter(ConnectionPhase.TLS_HANDSHAKE);
      ChannelHandlerContext position = pipeline.context(tls);
      if (!connection.hasHttp() && position != null) {
        pipeline.addAfter(
            position.name(),
            null,
            TlsProbeHandler.onHandshakeCompleted(() -> completeInstall(pipeline)));
      }
      return tls.handshakeFuture();
    }
    Future<?> proxy = ProxyHandlers.connectFuture(handler);
    if (proxy != null) {
      connection.enter(ConnectionPhase.PROXY_CONNECT);
    }
    return proxy;
  }

  private void established(ChannelHandlerContext ctx) {
    if (!connection.established()) {
      return;
    }
    ConnectionListener requests = listener();
    if (requests != null) {
      requests.connectionEstablished();
      return;
    }
    completeInstall(ctx.pipeline());
    if (!connection.hasHttp()
        && ctx.pipeline().get(ApplicationProtocolNegotiationHandler.class) == null) {
      connection.endAttempt();
    }
  }

  private void fail(ProxyError error, @Nullable Throwable cause) {
    connection.fail(error, cause);
    endWrites();
  }

  private void cancel() {
    connection.cancel();
    endWrites();
  }

  private void closed() {
    connection.close();
    endWrites();
    if (tunnel != null) {
      tunnel.settled();
    }
  }
}
