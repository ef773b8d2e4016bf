package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Observes a connection to an upstream, from the first place of its pipeline.
 *
 * <p>A channel that never becomes active fires no event: its failures are seen in the promise of
 * {@code connect}, and that of its name in a {@code close} before any {@code connect}.
 */
final class UpstreamConnectionHandler extends ChannelDuplexHandler {
  private final ConnectionObservation connection;
  private final @Nullable AttemptObservation attempt;
  private @Nullable HttpClientHandler http;
  private boolean connecting;
  private boolean ready;
  private boolean secure;
  private boolean over;

  /**
   * @param attempt what the connection is dialled for, if for anything
   */
  UpstreamConnectionHandler(
      ConnectionObservation connection, @Nullable AttemptObservation attempt) {
    this.connection = connection;
    this.attempt = attempt;
  }

  boolean isReady() {
    return ready;
  }

  boolean isSecure() {
    return secure;
  }

  /** Puts the handler for requests behind the HTTP codec, once the codec is there. */
  void completeInstall(ChannelPipeline pipeline) {
    ChannelHandlerContext codec = http == null ? Places.clientCodec(pipeline) : null;
    if (codec != null) {
      http = new HttpClientHandler(this, attempt);
      pipeline.addAfter(codec.name(), null, http);
      if (ready && attempt != null) {
        attempt.connectionAcquired(false);
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      connected(ctx);
    } else {
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
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    ChannelPromise ours = ctx.newPromise();
    ours.addListener(
        future -> {
          if (future.isSuccess()) {
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
    promise.addListener(
        future -> {
          if (future.isCancelled()) {
            ours.cancel(false);
          }
        });
    super.connect(ctx, remote, local, ours);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf buffer) {
      connection.bytesRead(buffer.readableBytes());
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    long bytes = Sizes.ofBytes(msg);
    if (bytes > 0) {
      connection.bytesWritten(bytes);
    }
    super.write(ctx, msg, promise);
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    if (!ready) {
      if (connecting || ctx.channel().isActive()) {
        cancelled();
      } else {
        // A host that gives up this early must cancel the attempt before it closes the channel.
        failed(ProxyError.DNS_ERROR, null);
      }
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
    if (ctx.channel().isActive()) {
      cancelled();
    }
    ended();
  }

  private void connected(ChannelHandlerContext ctx) {
    SslHandler ssl = ctx.pipeline().get(SslHandler.class);
    if (ssl == null) {
      ready(ctx);
      return;
    }
    secure = true;
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    ssl.handshakeFuture()
        .addListener(
            future -> {
              if (future.isSuccess()) {
                ready(ctx);
              } else {
                failed(Failures.classify(future.cause()), future.cause());
              }
            });
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
      attempt.connectionAcquired(false);
      attempt.end();
    }
  }

  private void failed(ProxyError error, @Nullable Throwable cause) {
    over = true;
    connection.fail(Side.UPSTREAM, error, cause);
    if (attempt != null) {
      attempt.fail(Side.UPSTREAM, error, cause);
    }
  }

  private void cancelled() {
    over = true;
    if (attempt != null && (!ready || http == null)) {
      attempt.cancel();
    }
    connection.end();
  }

  private void ended() {
    if (!ready && !over) {
      failed(ProxyError.CONNECTION_TERMINATED, null);
    }
    if (http == null && attempt != null) {
      attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
    connection.end();
  }
}
