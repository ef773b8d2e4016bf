package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.channel.ChannelDuplexHandler;
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
 * Observes requests to an upstream and their responses, from the place next to the HTTP codec.
 *
 * <p>An attempt is bound to the channel first, and to a place in the order of requests when its
 * request is written. So what happens to an idle connection, such as its end or an unasked-for 408,
 * is nobody's failure.
 */
final class HttpClientHandler extends ChannelDuplexHandler implements Requests {
  static final AttributeKey<HttpClientHandler> KEY =
      AttributeKey.valueOf(HttpClientHandler.class, "handler");
  private static final AttemptObservation NONE = new AttemptObservation() {};

  private final UpstreamConnectionHandler connection;
  private final Head head = new Head();
  private final InFlight<AttemptObservation, Kind> waiting = new InFlight<>();
  private final Departing<AttemptObservation> departing =
      new Departing<>(waiting::latest, this::sent);
  private boolean used;
  private @Nullable AttemptObservation sending;
  private @Nullable HttpRequest unsent;
  private boolean receiving;
  private boolean interim;
  private boolean over;

  HttpClientHandler(UpstreamConnectionHandler connection, @Nullable AttemptObservation attempt) {
    this.connection = connection;
    waiting.announce(attempt);
    this.used = attempt != null;
  }

  /** The next request belongs to the attempt. */
  void bind(AttemptObservation attempt) {
    AttemptObservation bound = waiting.announced();
    if (bound != null && bound != attempt) {
      bound.cancel();
    }
    attempt.connectionAcquired(used);
    used = true;
    waiting.announce(attempt);
    if (over) {
      interruptAll(ProxyError.CONNECTION_TERMINATED, null);
    }
  }

  @Override
  public void connectionReady(@Nullable AttemptObservation attempt) {
    if (attempt != null) {
      attempt.connectionAcquired(false);
    }
    AttemptObservation first = waiting.first();
    if (unsent != null && first != null) {
      requestStarted(first, unsent);
      unsent = null;
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    if (msg instanceof HttpRequest request && !over) {
      writeHead(ctx, request, promise);
    } else {
      super.write(ctx, msg, sending == null ? promise : writeContent(sending, msg, promise));
      departing.written();
    }
  }

  @Override
  public void flushed() {
    departing.flushed();
  }

  /** The last byte of a request left, or never will. */
  private void sent(AttemptObservation attempt, @Nullable Throwable cause) {
    if (cause == null) {
      attempt.requestEnd();
    } else if (cause instanceof IOException) {
      interruptAll(Failures.classify(cause), cause);
    } else {
      attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (!over) {
      if (msg instanceof HttpResponse response) {
        readHead(response);
      }
      if (msg instanceof HttpContent content) {
        readContent(content);
      }
    }
    ctx.fireChannelRead(msg);
  }

  /** What the proxy itself closes, it has given up. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    if (ctx.channel().isActive() && connection.isReady()) {
      cancelAll();
    }
    super.close(ctx, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    interruptAll(Failures.classify(cause), cause);
    ctx.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    interruptAll(ProxyError.CONNECTION_TERMINATED, null);
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().attr(KEY).set(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ctx.channel().attr(KEY).compareAndSet(this, null);
    cancelAll();
  }

  private void writeHead(ChannelHandlerContext ctx, HttpRequest request, ChannelPromise promise)
      throws Exception {
    departing.settle();
    AttemptObservation attempt = waiting.announced();
    if (attempt == null) {
      attempt = NONE;
      waiting.announce(NONE);
    }
    waiting.admit(Kind.of(request.method()));
    attempt.inject(request, head.lend());
    HttpRequest lent = (HttpRequest) head.giveBack(request);
    boolean added = head.hasAdded();
    if (connection.isReady()) {
      requestStarted(attempt, lent);
    } else {
      unsent = lent;
    }
    super.write(ctx, lent, writeContent(attempt, request, promise));
    departing.written();
    if (added) {
      Head.takeOff(lent);
    }
  }

  private void requestStarted(AttemptObservation attempt, HttpRequest request) {
    attempt.requestStarted(new RequestView(request, connection.isSecure()));
  }

  private ChannelPromise writeContent(
      AttemptObservation attempt, Object msg, ChannelPromise promise) {
    LastHttpContent last = msg instanceof LastHttpContent content ? content : null;
    long bytes = last == null ? Sizes.ofContent(msg) : last.content().readableBytes();
    if (bytes > 0) {
      attempt.requestBytes(bytes);
    }
    if (last == null) {
      sending = attempt;
      return promise;
    }
    sending = null;
    return departing.add(promise);
  }

  private void readHead(HttpResponse response) {
    AttemptObservation attempt = waiting.first();
    Kind kind = waiting.firstKey();
    if (attempt == null || kind == null) {
      return;
    }
    if (response.decoderResult().isFailure()) {
      Throwable cause = response.decoderResult().cause();
      broken(attempt, garbage(cause), cause);
      return;
    }
    int status = response.status().code();
    if (status < 200 && status != 101) {
      interim = true;
      attempt.informational(status);
      return;
    }
    interim = false;
    if (response instanceof FullHttpResponse full && !kind.switches(status)) {
      receiving = false;
      waiting.removeFirst();
      attempt.responseReceived(status, response, head.lend(), full.content().readableBytes());
      head.giveBack(response);
      return;
    }
    receiving = true;
    attempt.responseStarted(status, response, head.lend());
    head.giveBack(response);
    if (kind.switches(status)) {
      // From here on it is a tunnel, which is the exchange's.
      over = true;
      receiving = false;
      waiting.removeFirst();
      attempt.end();
    }
  }

  private void readContent(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (interim) {
      interim = !last;
      return;
    }
    AttemptObservation attempt = waiting.first();
    if (!receiving || attempt == null) {
      return;
    }
    int bytes = content.content().readableBytes();
    if (bytes > 0) {
      attempt.responseBytes(bytes);
    }
    if (content.decoderResult().isFailure()) {
      broken(attempt, ProxyError.HTTP_RESPONSE_TRANSFER_CODING, content.decoderResult().cause());
    } else if (last) {
      receiving = false;
      waiting.removeFirst();
      attempt.responseEnd();
    }
  }

  /** Nothing that comes after it can be understood. */
  private void broken(AttemptObservation attempt, ProxyError error, Throwable cause) {
    attempt.fail(Side.UPSTREAM, error, cause);
    waiting.removeFirst();
    receiving = false;
    interruptAll(ProxyError.CONNECTION_TERMINATED, cause);
  }

  private static ProxyError garbage(Throwable cause) {
    ProxyError error = Failures.classify(cause);
    return error == ProxyError.PROXY_INTERNAL_ERROR ? ProxyError.HTTP_PROTOCOL_ERROR : error;
  }

  private void interruptAll(ProxyError error, @Nullable Throwable cause) {
    over = true;
    if (receiving && cause == null) {
      AttemptObservation first = waiting.removeFirst();
      if (first != null) {
        first.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
      }
    }
    receiving = false;
    for (AttemptObservation a = waiting.removeFirst(); a != null; a = waiting.removeFirst()) {
      a.fail(Side.UPSTREAM, error, cause);
    }
    AttemptObservation bound = waiting.announced();
    if (bound != null) {
      waiting.announce(null);
      bound.fail(Side.UPSTREAM, error, cause);
    }
  }

  private void cancelAll() {
    over = true;
    receiving = false;
    for (AttemptObservation a = waiting.removeFirst(); a != null; a = waiting.removeFirst()) {
      a.cancel();
    }
    AttemptObservation bound = waiting.announced();
    if (bound != null) {
      waiting.announce(null);
      bound.cancel();
    }
  }
}
