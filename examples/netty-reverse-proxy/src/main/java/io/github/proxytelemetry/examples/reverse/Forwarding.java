package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.examples.common.Responses;
import io.github.proxytelemetry.examples.common.TunnelHandler;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.pool.ChannelPool;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request on its way to an upstream and back, with as many attempts as it takes. */
// A write that fails closes its connection, and that is what is acted on.
@SuppressWarnings("FutureReturnValueIgnored")
final class Forwarding {
  private static final AttemptObservation NO_ATTEMPT = new AttemptObservation() {};

  private final ClientHandler client;
  private final ChannelHandlerContext clientContext;
  private final HttpRequest request;
  private final ExchangeObservation exchange;
  private final Upstreams upstreams;
  private final boolean bodiless;

  private AttemptObservation attempt = NO_ATTEMPT;
  private @Nullable ChannelPool pool;
  private @Nullable Channel upstream;
  private @Nullable HttpContent waiting;
  private @Nullable Future<?> timeout;
  private int retriesLeft;
  private boolean sent;
  private boolean headRead;
  private boolean interim;
  private boolean switching;
  private boolean keepAlive;
  private boolean over;

  Forwarding(
      ClientHandler client,
      ChannelHandlerContext clientContext,
      HttpRequest request,
      ExchangeObservation exchange,
      Upstreams upstreams) {
    this.client = client;
    this.clientContext = clientContext;
    this.request = request;
    this.exchange = exchange;
    this.upstreams = upstreams;
    this.bodiless = Requests.isBodiless(request);
    this.retriesLeft = bodiless && Requests.isIdempotent(request) ? upstreams.retries() : 0;
  }

  /** Makes an attempt at the upstream whose turn it is. */
  void begin() {
    UpstreamServer server = upstreams.next();
    attempt = exchange.startAttempt(server.upstream()); // telemetry: a try at it
    AttemptObservation started = attempt;
    ChannelPool from = server.pool(clientContext.channel().eventLoop());
    from.acquire()
        .addListener(
            (Future<Channel> acquired) -> {
              if (!acquired.isSuccess()) {
                started.fail(
                    Side.UPSTREAM, NettyTelemetry.classify(acquired.cause()), acquired.cause());
                failed(acquired.cause());
              } else if (over) {
                from.release(acquired.getNow());
              } else {
                connected(from, acquired.getNow());
              }
            });
  }

  /** Sends a piece of the request's body. Returns whether it can take another one. */
  boolean send(HttpContent content) {
    if (over || bodiless) {
      content.release();
      return true;
    }
    if (upstream == null) {
      waiting = content;
      return false;
    }
    write(upstream, content);
    upstream.flush();
    return upstream.isWritable();
  }

  /** The client is gone. */
  void abandon() {
    if (!over) {
      if (upstream == null) {
        attempt.cancel(); // telemetry: given up; there is no connection whose close would show it
      }
      end(false);
    }
  }

  void clientWritable(boolean writable) {
    if (upstream != null) {
      upstream.config().setAutoRead(writable);
    }
  }

  void upstreamWritable() {
    client.resume(clientContext);
  }

  void received(Object message) {
    if (message instanceof HttpResponse head) {
      readHead(head);
    }
    if (message instanceof HttpContent content) {
      readContent(content);
    }
  }

  void flush() {
    clientContext.flush();
    clientWritable(clientContext.channel().isWritable());
  }

  /** The connection to the upstream is over. */
  void broken(@Nullable Throwable cause) {
    failed(cause);
  }

  private void connected(ChannelPool from, Channel channel) {
    pool = from;
    upstream = channel;
    channel.pipeline().get(UpstreamHandler.class).serve(this);
    upstreams.netty().bind(channel, attempt); // telemetry: whose request is written next
    channel.write(Requests.onwards(request));
    if (bodiless) {
      write(channel, LastHttpContent.EMPTY_LAST_CONTENT);
    } else if (waiting != null) {
      write(channel, waiting);
      waiting = null;
    }
    channel.flush();
    if (!bodiless && channel.isWritable()) {
      client.resume(clientContext);
    }
  }

  private void write(Channel channel, HttpContent content) {
    channel.write(content);
    if (content instanceof LastHttpContent) {
      sent = true;
      timeout =
          channel
              .eventLoop()
              .schedule(this::timedOut, upstreams.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void timedOut() {
    // telemetry: why the connection is closed, and why there is a 504
    attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
    retryOrAnswer(ProxyError.HTTP_RESPONSE_TIMEOUT, null);
  }

  private void readHead(HttpResponse head) {
    if (head.decoderResult().isFailure()) {
      failed(head.decoderResult().cause());
      return;
    }
    switching = head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    if (switching && !(Requests.wantsWebSocket(request) && Requests.grantsWebSocket(head))) {
      // What follows would be in a protocol that the client did not ask for.
      retryOrAnswer(ProxyError.HTTP_PROTOCOL_ERROR, null);
      return;
    }
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    keepAlive = HttpUtil.isKeepAlive(head);
    Requests.removeHopByHop(head, switching);
    if (interim && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      clientContext.writeAndFlush(Responses.whole(head));
    }
    if (interim) {
      return;
    }
    headRead = true;
    cancelTimeout();
    client.keepAlive(Responses.frame(head, request, client.keepsAlive()));
    if (switching && upstream != null) {
      // telemetry: what goes through the tunnel counts when it has left on that channel
      upstreams.netty().bindTunnel(clientContext.channel(), upstream);
    }
    clientContext.write(head);
  }

  private void readContent(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (over || interim) {
      content.release();
      if (last && switching && !over) {
        becomeTunnel();
      }
    } else if (content.decoderResult().isFailure()) {
      content.release();
      failed(content.decoderResult().cause());
    } else {
      clientContext.write(content);
      if (last) {
        clientContext.flush();
        end(keepAlive && sent);
        client.answered(clientContext);
      }
    }
  }

  private void becomeTunnel() {
    over = true;
    cancelTimeout();
    Channel channel = upstream;
    ChannelPool from = pool;
    if (channel == null || from == null) {
      return;
    }
    // The pool counts it until it is closed.
    channel.closeFuture().addListener(closed -> from.release(channel));
    channel.config().setAutoRead(false);
    client.becomeTunnel(clientContext, channel);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new TunnelHandler(clientContext.channel()));
    pipeline.remove(UpstreamHandler.class);
    pipeline.remove(HttpClientCodec.class);
    channel.read();
  }

  private void failed(@Nullable Throwable cause) {
    if (!over) {
      retryOrAnswer(NettyTelemetry.classify(cause), cause);
    }
  }

  /** Tries again or answers with an error; an answer that has begun is broken off visibly. */
  private void retryOrAnswer(ProxyError error, @Nullable Throwable cause) {
    end(false);
    if (headRead) {
      clientContext.close();
    } else if (retriesLeft > 0) {
      retriesLeft--;
      over = false;
      begin();
    } else {
      // telemetry: why a 502 or 504
      exchange.note(Side.UPSTREAM, error, cause);
      client.answer(clientContext, Requests.status(error));
    }
  }

  /** Gives the connection back, closed unless the next request can use it: all of it was read. */
  private void end(boolean reusable) {
    over = true;
    cancelTimeout();
    ReferenceCountUtil.release(waiting);
    waiting = null;
    Channel channel = upstream;
    upstream = null;
    if (channel == null || pool == null) {
      return;
    }
    UpstreamHandler handler = channel.pipeline().get(UpstreamHandler.class);
    handler.serve(null);
    if (!reusable) {
      channel.close();
    }
    channel.config().setAutoRead(true);
    pool.release(channel);
  }

  private void cancelTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }
}
