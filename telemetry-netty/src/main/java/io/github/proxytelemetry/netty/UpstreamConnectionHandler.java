package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Observes a connection to an upstream, from the first place of its pipeline.
 *
 * <p>A channel that never becomes active fires no event: its failures are seen in the promise of
 * {@code connect}, and that of its name in a {@code close} before any {@code connect}.
 */
final class UpstreamConnectionHandler extends ConnectionHandler implements TunnelOutlet.Place {
  private final ConnectionObservation connection;
  private final @Nullable AttemptObservation attempt;
  private final Misuse misuse;
  private @Nullable Requests http;
  private boolean moving;
  private boolean connecting;
  private boolean ready;
  private boolean secure;
  private boolean opened;
  private boolean over;
  private @Nullable TunnelOutlet outlet;
  private long beforeTunnel;

  /**
   * @param attempt what the connection is dialled for, if for anything
   */
  UpstreamConnectionHandler(
      ConnectionObservation connection, @Nullable AttemptObservation attempt, Misuse misuse) {
    this.connection = connection;
    this.attempt = attempt;
    this.misuse = misuse;
  }

  /** Whether the connection is dialled for the attempt. */
  boolean isFor(AttemptObservation candidate) {
    return attempt == candidate;
  }

  boolean isReady() {
    return ready;
  }

  boolean isSecure() {
    return secure;
  }

  /** Puts the handler for requests behind the HTTP codec, once the codec is there. */
  void completeInstall(ChannelPipeline pipeline) {
    if (http != null) {
      return;
    }
    ChannelHandlerContext codec = Places.clientCodec(pipeline);
    if (codec == null) {
      http = Http2.installUpstream(pipeline, this, attempt, misuse);
    } else {
      HttpClientHandler handler = new HttpClientHandler(this, attempt);
      pipeline.addAfter(codec.name(), null, handler);
      http = handler;
    }
    if (http != null && ready && attempt != null) {
      attempt.connectionAcquired(false);
    }
  }

  /** What is written from here on goes through a client's tunnel. */
  void bindTunnel(TunnelOutlet tunnel) {
    outlet = tunnel;
    beforeTunnel = flushed.waiting();
  }

  @Override
  public boolean isWaiting() {
    return flushed.isWaiting();
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
   * The host's listeners stand on the promise already and may end the attempt: so they get their
   * result from us, after it has been recorded.
   */
  @Override
  public void connect(
      ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise)
      throws Exception {
    connecting = true;
    completeInstall(ctx.pipeline());
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    ChannelPromise ours = ctx.newPromise();
    ours.addListener(
        future -> {
          if (future.isSuccess()) {
            moveBeforeTls(ctx);
            connected(ctx);
            promise.trySuccess();
          } else {
            if (future.isCancelled()) {
              cancelled();
            } else {
              failed(Failures.classify(future.cause()), future.cause());
            }
            promise.tryFailure(future.cause());
          }
        });
    Promises.tryListen(
        promise,
        future -> {
          if (future.isCancelled()) {
            ours.cancel(false);
          }
        });
    super.connect(ctx, remote, local, ours);
  }

  @Override
  void flushReturned() {
    if (http != null) {
      http.flushed();
    }
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
    TunnelOutlet tunnel = outlet;
    if (tunnel == null) {
      return;
    }
    long others = Math.min(bytes, beforeTunnel);
    beforeTunnel -= others;
    if (bytes > others) {
      tunnel.taken(bytes - others);
    }
  }

  @Override
  boolean listensAlways() {
    return outlet != null;
  }

  @Override
  void looked() {
    if (outlet != null && !flushed.isWaiting()) {
      outlet.settled();
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    look(ctx.channel());
    if (!ready && (connecting || ctx.channel().isActive())) {
      cancelled();
    } else if (!ready) {
      // A host that gives up this early must cancel the attempt before it closes the channel.
      failed(ProxyError.DNS_ERROR, null);
    }
    super.close(ctx, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    ended();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (!moving) {
      if (ctx.channel().isActive()) {
        cancelled();
      }
      ended();
    }
  }

  private void moveBeforeTls(ChannelHandlerContext ctx) {
    if (Places.isBehindTls(ctx)) {
      moving = true;
      ctx.pipeline().remove(this);
      ctx.pipeline().addFirst(this);
      moving = false;
    }
  }

  private void connected(ChannelHandlerContext ctx) {
    if (ctx.pipeline().get(SslHandler.class) == null && !NextProxy.isIn(ctx.pipeline())) {
      ready(ctx);
    } else {
      proceed(ctx, ctx.pipeline().iterator());
    }
  }

  /** Proxies to go through, and TLS, each begins when the one before it is done. */
  private void proceed(
      ChannelHandlerContext ctx, Iterator<Map.Entry<String, ChannelHandler>> steps) {
    while (steps.hasNext()) {
      ChannelHandler step = steps.next().getValue();
      Future<?> done = NextProxy.connectFuture(step);
      if (done != null) {
        connection.enter(ConnectionPhase.PROXY_CONNECT);
      } else if (step instanceof SslHandler ssl) {
        secure = true;
        connection.enter(ConnectionPhase.TLS_HANDSHAKE);
        ChannelHandlerContext tls = ctx.pipeline().context(ssl);
        if (http == null && tls != null) {
          ctx.pipeline()
              .addAfter(tls.name(), null, TlsEdge.behind(() -> completeInstall(ctx.pipeline())));
        }
        done = ssl.handshakeFuture();
      }
      if (done != null) {
        done.addListener(
            future -> {
              if (future.isSuccess()) {
                proceed(ctx, steps);
              } else {
                failed(Failures.classify(future.cause()), future.cause());
              }
            });
        return;
      }
    }
    ready(ctx);
  }

  private void ready(ChannelHandlerContext ctx) {
    if (over || ready) {
      return;
    }
    ready = true;
    connection.established();
    if (http != null) {
      http.connectionReady(attempt);
      return;
    }
    completeInstall(ctx.pipeline());
    if (http == null
        && attempt != null
        && ctx.pipeline().get(ApplicationProtocolNegotiationHandler.class) == null) {
      // Without HTTP the attempt was to open a way, and that is open now.
      opened = true;
      attempt.connectionAcquired(false);
      attempt.end();
    }
  }

  private void failed(ProxyError error, @Nullable Throwable cause) {
    if (over) {
      return;
    }
    over = true;
    flushed.close();
    connection.fail(Side.UPSTREAM, error, cause);
    if (attempt != null) {
      attempt.fail(Side.UPSTREAM, error, cause);
    }
  }

  private void cancelled() {
    if (!over) {
      if (attempt != null && !opened && (!ready || http == null)) {
        attempt.cancel();
      }
      end();
    }
  }

  private void ended() {
    if (!ready) {
      failed(ProxyError.CONNECTION_TERMINATED, null);
    } else if (!over) {
      if (attempt != null && !opened && http == null) {
        attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
      }
      end();
    }
    if (outlet != null) {
      outlet.settled();
    }
  }

  private void end() {
    over = true;
    flushed.close();
    connection.end();
  }
}
