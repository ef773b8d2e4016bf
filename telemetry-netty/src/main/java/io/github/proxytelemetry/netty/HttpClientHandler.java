package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Handler of HTTP/1.1 requests to an upstream and their responses, next to the HTTP codec.
 *
 * <p>An attempt is bound to the channel first and waits for a response only once its request is
 * written. So events on an idle connection, such as its end or an unsolicited 408, fail no attempt.
 */
final class HttpClientHandler extends Http1Handler<AttemptObservation> {
  static final AttributeKey<HttpClientHandler> KEY =
      AttributeKey.valueOf(HttpClientHandler.class, "handler");

  private final UpstreamConnection connection;
  private boolean used;
  // The latest attempt has not written its request yet.
  private boolean bound;
  private @Nullable AttemptObservation sending;
  private @Nullable HttpRequest writtenEarly;
  private boolean receiving;
  private boolean interim;
  private boolean over;

  HttpClientHandler(UpstreamConnection connection) {
    this.connection = connection;
    AttemptObservation attempt = connection.attempt;
    if (attempt != null) {
      setLatest(attempt);
      bound = true;
      used = true;
    }
  }

  @Override
  WarningLog log() {
    return connection.log();
  }

  @Override
  public boolean isSecure() {
    return connection.isSecure();
  }

  /** Binds the next request to an attempt. */
  void bind(AttemptObservation attempt) {
    AttemptObservation replaced = bound ? latest() : null;
    if (replaced != null && replaced != attempt) {
      connectedOnly();
      if (bound) {
        end(replaced, null, null);
      }
    }
    attempt.connectionAcquired(used);
    used = true;
    setLatest(attempt);
    bound = true;
    if (over) {
      endAll(ProxyError.CONNECTION_TERMINATED, null);
    }
  }

  /** A connection without a request, which becomes a tunnel, was all that its attempt was for. */
  void connectedOnly() {
    if (bound && connection.endConnected(latest())) {
      bound = false;
    }
  }

  /** Without a codec, no request was to be written. */
  private void endUnused(ChannelHandlerContext ctx) {
    if (bound && PipelineLookup.clientCodec(ctx.pipeline()) == null) {
      connectedOnly();
    }
  }

  @Override
  public void connectionEstablished() {
    AttemptObservation first = first();
    if (writtenEarly != null && first != null) {
      first.requestStarted(openView(writtenEarly));
      closeView();
      writtenEarly = null;
    }
  }

  @Override
  ChannelPromise beforeWrite(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof HttpRequest request && !over) {
      return writeHead(request, promise);
    }
    if (bound && msg instanceof ByteBuf) {
      connectedOnly();
    }
    return sending == null ? promise : writeContent(sending, msg, promise);
  }

  @Override
  void read(ChannelHandlerContext ctx, Object msg) {
    if (bound && msg instanceof ByteBuf) {
      connectedOnly();
    }
    if (msg instanceof HttpResponse response && !over) {
      readHead(response);
    }
    if (msg instanceof HttpContent content && !over) {
      readContent(content);
    }
  }

  /** An upstream connection that the proxy closes was given up by the proxy. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    if (ctx.channel().isActive() && connection.isEstablished()) {
      endUnused(ctx);
      endAll(null, null);
    }
    super.close(ctx, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    endAll(NettyErrors.classify(cause), cause);
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    endUnused(ctx);
    endAll(ProxyError.CONNECTION_TERMINATED, null);
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().attr(KEY).set(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ctx.channel().attr(KEY).compareAndSet(this, null);
    endAll(null, null);
  }

  private ChannelPromise writeHead(HttpRequest request, ChannelPromise promise) {
    AttemptObservation attempt = bound ? latest() : null;
    if (attempt == null) {
      attempt = Noop.ATTEMPT;
      setLatest(attempt);
    }
    bound = false;
    awaitResponse(RequestKind.of(request.method()));
    attempt.inject(request, openHeaders());
    closeHeaders();
    HttpRequest message = (HttpRequest) current(request);
    if (connection.isEstablished()) {
      attempt.requestStarted(openView(message));
      closeView();
    } else {
      // The TLS handler holds it back; reporting it now would add the handshake to its latency.
      writtenEarly = message;
    }
    return writeContent(attempt, request, promise);
  }

  /** Reports a part of a request's body; returns the promise to write it with. */
  private ChannelPromise writeContent(
      AttemptObservation attempt, Object msg, ChannelPromise promise) {
    LastHttpContent last = msg instanceof LastHttpContent content ? content : null;
    long bytes = last == null ? MessageSizes.ofContent(msg) : last.content().readableBytes();
    // An upstream may answer before it has the whole request, which ends the attempt.
    if (bytes > 0 && isUnanswered(attempt)) {
      attempt.requestBytes(bytes);
    }
    if (last == null) {
      sending = attempt;
      return promise;
    }
    if (TrailerAccess.isNeeded(last)) {
      attempt.requestTrailers(last.trailingHeaders(), TrailerAccess.INSTANCE);
    }
    sending = null;
    return lastWrite(attempt, promise);
  }

  @Override
  void messageWritten(AttemptObservation attempt, @Nullable Throwable cause) {
    if (cause instanceof IOException) {
      endAll(NettyErrors.classify(cause), cause);
      return;
    }
    if (!isUnanswered(attempt)) {
      // An early response, or a 101, has ended it.
      return;
    }
    if (cause == null) {
      attempt.requestEnd();
    } else if (connection.mayEnd(attempt)) {
      attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
      replace(attempt, Noop.ATTEMPT);
    }
  }

  private void readHead(HttpResponse response) {
    AttemptObservation attempt = first();
    if (attempt == null) {
      return;
    }
    Throwable cause = response.decoderResult().cause();
    if (cause != null) {
      malformed(attempt, NettyErrors.ofMalformedHead(cause), cause);
      return;
    }
    int status = response.status().code();
    if (status >= 100 && status < 200 && status != 101) {
      interim = true;
      attempt.informational(status);
      return;
    }
    interim = false;
    boolean switching = firstKind().switchesProtocol(status);
    if (response instanceof FullHttpResponse full && !switching && !TrailerAccess.isNeeded(full)) {
      receiving = false;
      removeFirst();
      attempt.responseReceived(status, response, openHeaders(), full.content().readableBytes());
      closeHeaders();
      forget(attempt);
      return;
    }
    receiving = !switching;
    connection.headRead();
    attempt.responseStarted(status, response, openHeaders());
    closeHeaders();
    if (switching) {
      // What follows belongs to the tunnel, which is observed on the client's side.
      over = true;
      removeFirst();
      attempt.end();
    }
  }

  private void readContent(HttpContent content) {
    if (interim) {
      interim = !(content instanceof LastHttpContent);
      return;
    }
    AttemptObservation attempt = receiving ? first() : null;
    if (attempt == null) {
      return;
    }
    int bytes = content.content().readableBytes();
    Throwable cause = content.decoderResult().cause();
    if (cause == null && content instanceof LastHttpContent last) {
      receiving = false;
      removeFirst();
      readLast(attempt, last, bytes);
      forget(attempt);
      return;
    }
    if (bytes > 0) {
      attempt.responseBytes(bytes);
    }
    if (cause != null) {
      malformed(attempt, ProxyError.HTTP_RESPONSE_TRANSFER_CODING, cause);
    }
  }

  private void readLast(AttemptObservation attempt, LastHttpContent last, int bytes) {
    boolean trailers = TrailerAccess.isNeeded(last);
    if (!trailers && connection.isHeadInRead()) {
      attempt.responseRestReceived(bytes);
      return;
    }
    if (bytes > 0) {
      attempt.responseBytes(bytes);
    }
    if (trailers) {
      attempt.responseTrailers(last.trailingHeaders(), TrailerAccess.INSTANCE);
    }
    attempt.responseEnd();
  }

  /** Nothing of an attempt that is over lives as long as an idle connection. */
  private void forget(AttemptObservation attempt) {
    if (!bound && !latestUnanswered && latestWrite == null) {
      latest = null;
    }
    if (connection.attempt == attempt) {
      connection.attempt = null;
    }
  }

  /** After a malformed response nothing that follows on the connection can be parsed. */
  private void malformed(AttemptObservation attempt, ProxyError error, Throwable cause) {
    removeFirst();
    receiving = false;
    end(attempt, error, cause);
    endAll(ProxyError.CONNECTION_TERMINATED, cause);
  }

  /** Ends every open attempt; without an error the proxy gave them up. */
  private void endAll(@Nullable ProxyError error, @Nullable Throwable cause) {
    over = true;
    if (receiving && error != null && cause == null) {
      end(removeFirst(), ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    }
    receiving = false;
    for (AttemptObservation a = removeNext(); a != null; a = removeNext()) {
      end(a, error, cause);
    }
  }

  private void end(
      @Nullable AttemptObservation attempt, @Nullable ProxyError error, @Nullable Throwable cause) {
    if (attempt == null || !connection.mayEnd(attempt)) {
      return;
    }
    if (error == null) {
      attempt.cancel();
    } else {
      attempt.fail(Side.UPSTREAM, error, cause);
    }
  }

  /** Removes the next attempt without a response, the one whose request is not written last. */
  private @Nullable AttemptObservation removeNext() {
    AttemptObservation next = removeFirst();
    if (next == null && bound) {
      bound = false;
      next = latest();
    }
    return next;
  }
}
