package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * First handler in the pipeline of a client's connection, and the state of that connection.
 *
 * <p>What is kept here is kept for each idle connection, so what only some connections need is in
 * objects of their own: the search for handlers that are added late, writes that the network has
 * not taken, tunnels.
 */
final class ServerConnectionHandler extends ConnectionHandler implements DownstreamConnection {
  private final ProxyTelemetry telemetry;
  private final WarningLog log;
  private @Nullable DownstreamObservation observation;
  private @Nullable CodecSearch search;
  private @Nullable ChannelHandlerContext codec;
  private boolean hasHttp2;
  private boolean http2Expected;
  private boolean secure;
  private boolean intercepting;
  private boolean replaced;
  private @Nullable ProxyError error;
  private @Nullable Throwable cause;

  /** References of the channel and of its tunnels; {@code null} as long as there is no tunnel. */
  private @Nullable AtomicInteger references;

  ServerConnectionHandler(ProxyTelemetry telemetry, WarningLog log) {
    this.telemetry = telemetry;
    this.log = log;
    this.search = new CodecSearch(this);
  }

  /** Adds a handler of requests behind each HTTP codec that the pipeline contains by now. */
  void completeInstall(ChannelPipeline pipeline) {
    ChannelHandlerContext found = needsCodec() ? PipelineLookup.serverCodec(pipeline) : null;
    if (found != null) {
      replace(pipeline, found);
    }
    if (!hasHttp2 && Http2Support.installServer(pipeline, this)) {
      hasHttp2 = true;
      if (needsCodec()) {
        removeRequests(pipeline);
      }
      pipeline.channel().attr(HttpServerHandler.KEY).set(null);
    }
  }

  void clientAddress(SocketAddress address) {
    if (observation != null) {
      observation.clientAddress(address);
    }
  }

  @Override
  public WarningLog log() {
    return log;
  }

  @Override
  public DownstreamObservation observation(ChannelHandlerContext ctx) {
    DownstreamObservation current = observation;
    if (current == null) {
      current =
          telemetry.startDownstreamConnection(
              ctx.channel().localAddress(), ctx.channel().remoteAddress());
      observation = current;
      if (PipelineLookup.tls(ctx.pipeline()) == null) {
        current.established();
      }
    }
    return current;
  }

  @Override
  public boolean isSecure() {
    return secure;
  }

  @Override
  public void setSecure(ChannelPipeline pipeline) {
    secure |= PipelineLookup.tls(pipeline) != null;
  }

  void setSecure() {
    secure = true;
  }

  @Override
  public void expectHttp2() {
    http2Expected = true;
  }

  @Override
  public void retain() {
    if (references == null) {
      references = new AtomicInteger(1);
    }
    references.incrementAndGet();
  }

  @Override
  public void release() {
    AtomicInteger held = references;
    if (observation == null || (held != null && held.decrementAndGet() > 0)) {
      return;
    }
    if (error == null) {
      observation.end();
    } else {
      observation.fail(Side.DOWNSTREAM, error, cause);
    }
  }

  /**
   * The TLS handshake failed. This is reported when the connection ends, because the alert that
   * follows counts as well. The first failure is the reason for any further one.
   */
  void handshakeFailed(ProxyError reason, @Nullable Throwable failure) {
    if (error == null) {
      error = reason;
      cause = failure;
    }
  }

  boolean hasHttp2() {
    return hasHttp2;
  }

  /** Whether the codec of the next requests has not been found. */
  boolean misses() {
    return !hasHttp2 && needsCodec();
  }

  /** Whether a codec was found, and was the right one: a request has reached it. */
  boolean isComplete() {
    HttpServerHandler http1 = http1();
    return hasHttp2 || (http1 != null && http1.hasRead() && !intercepting);
  }

  /** Whether a request was read, maybe by a codec that was replaced since. */
  boolean hasServed() {
    HttpServerHandler http1 = http1();
    return replaced || (http1 != null && http1.hasRead());
  }

  /** Whether no codec was ever found. */
  boolean hasNoRequests() {
    return listener() == null && !hasHttp2;
  }

  /** No handler is looked for, until the host removes its codec. */
  void searchIsOver() {
    search = null;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      observation(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    observation(ctx);
    if (PipelineLookup.isBehindTls(ctx)) {
      searchAgain().setMoving(true);
      ctx.pipeline().remove(this);
      ctx.pipeline().addFirst(this);
      searchAgain().setMoving(false);
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf buffer) {
      observation(ctx).bytesRead(buffer.readableBytes());
    }
    if (!intercepting && !hasHttp2 && codec != null && codec.isRemoved()) {
      // A codec may be added again: for requests in a tunnel, or in place of the other one.
      intercepting = true;
      searchAgain().restart();
    }
    CodecSearch searching = search;
    if (searching == null || !searching.isActive()) {
      ctx.fireChannelRead(msg);
      return;
    }
    searching.beforeRead(ctx, msg);
    ctx.fireChannelRead(msg);
    searching.search(ctx);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (!hasHttp2 && (search != null || http2Expected)) {
      boolean expected = http2Expected;
      http2Expected = false;
      searchAgain().beforeWrite(ctx, expected);
    }
    super.write(ctx, msg, promise);
  }

  /** A TLS handler also closes what the client has broken; without one it is the host. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    HttpServerHandler http1 = http1();
    if (http1 != null && !secure) {
      http1.closing(ctx.channel());
    }
    super.close(ctx, promise);
  }

  @Override
  void bytesWritten(long bytes) {
    if (observation != null) {
      observation.bytesWritten(bytes);
    }
  }

  /** Handlers behind this one end their exchanges first. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    if (search != null && search.hasMissed()) {
      log.noServerCodec();
    }
    ended();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (search == null || !search.isMoving()) {
      ended();
    }
  }

  private void ended() {
    if (observation == null || !endWrites()) {
      return;
    }
    if (search != null && search.isHandshaking()) {
      // SNI and plain text: the handshake fails before there is an SslHandler with a future.
      handshakeFailed(ProxyError.TLS_PROTOCOL_ERROR, null);
    }
    release();
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
      setSecure(pipeline);
    }
    codec = found;
    intercepting = false;
    HttpServerHandler requests = new HttpServerHandler(this);
    setListener(requests);
    pipeline.addAfter(found.name(), null, requests);
    pipeline.channel().attr(HttpServerHandler.KEY).set(requests);
  }

  private void removeRequests(ChannelPipeline pipeline) {
    HttpServerHandler http1 = http1();
    if (http1 != null && pipeline.context(http1) != null) {
      pipeline.remove(http1);
    }
  }

  private CodecSearch searchAgain() {
    if (search == null) {
      search = new CodecSearch(this);
    }
    return search;
  }

  private @Nullable HttpServerHandler http1() {
    return (HttpServerHandler) listener();
  }
}
