package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.HandlerScript;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Client side of the test proxy, which answers pipelined requests one at a time. */
@SuppressWarnings("FutureReturnValueIgnored")
final class FrontHandler extends ChannelInboundHandlerAdapter {
  private static final int MAX_PENDING = 64;

  private final NettyProxyHost host;
  private final Channel client;
  private final ClientAnswers answers;
  private final UpstreamDialler dialler;
  private final Deque<Object> pending = new ArrayDeque<>();
  private final Deque<ExchangeObservation> exchanges = new ArrayDeque<>();
  private ExchangeObservation exchange = Noop.EXCHANGE;
  private @Nullable BackHandler current;
  private @Nullable BackHandler rival;
  private @Nullable HttpRequest repeatable;
  private @Nullable InetSocketAddress target;
  private int retriesLeft;
  private boolean answering;
  private boolean reading;
  private boolean inputClosed;
  private @Nullable Channel dialling;
  private boolean keepAlive = true;
  private boolean http11 = true;
  private boolean headSent;
  private boolean pumping;

  FrontHandler(NettyProxyHost host, Channel client) {
    this.host = host;
    this.client = client;
    this.answers = new ClientAnswers(client);
    this.dialler = new UpstreamDialler(host);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    if (!answers.isStream()) {
      client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext at, Object msg) {
    if (current != null
        && msg instanceof HttpContent content
        && content.decoderResult().isFailure()) {
      content.release();
      malformed();
      return;
    }
    pending.add(msg);
    reading = (reading || msg instanceof HttpRequest) && !(msg instanceof LastHttpContent);
    if (msg instanceof HttpRequest request && request.decoderResult().isSuccess()) {
      exchanges.add(NettyTelemetry.exchange(at.channel()));
      if (request.method().equals(HttpMethod.CONNECT) && !answers.isStream()) {
        // The following bytes are not HTTP, even those in the same packet.
        at.pipeline().get(HttpServerCodec.class).removeInboundHandler();
      }
    }
    pump();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext at) {
    if (current != null) {
      current.clientWritable(at.channel().isWritable());
    }
  }

  /** After a half-close the client gets the pending response, unless its request is incomplete. */
  @Override
  public void userEventTriggered(ChannelHandlerContext at, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
      if (reading || answering) {
        at.close();
      } else {
        closeIfIdle();
      }
    }
    at.fireUserEventTriggered(event);
  }

  private void closeIfIdle() {
    if (inputClosed && current == null && dialling == null && !answering && pending.isEmpty()) {
      client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext at) {
    pending.forEach(ReferenceCountUtil::release);
    pending.clear();
    BackHandler abandoned = current;
    BackHandler alsoAbandoned = rival;
    current = null;
    rival = null;
    if (abandoned != null) {
      abandoned.abandon();
    }
    if (alsoAbandoned != null) {
      alsoAbandoned.abandon();
    }
    if (dialling != null) {
      dialling.close();
    }
  }

  /** An exception during a response comes from a handler of the host. */
  @Override
  public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
    if (answering && !(cause instanceof IOException)) {
      answering = false;
      exchange.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
      if (!headSent) {
        keepAlive = false;
        local(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        return;
      }
    }
    at.close();
  }

  /** Forwards queued messages as far as possible. */
  void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!pending.isEmpty() && dialling == null && !isHeldBack() && forwardNext()) {
        // The condition does all the work.
      }
    } finally {
      pumping = false;
    }
    closeIfIdle();
    client.config().setAutoRead(pending.size() < MAX_PENDING);
  }

  private boolean forwardNext() {
    Object next = pending.element();
    if (current == null) {
      pending.poll();
      try {
        if (next instanceof HttpRequest request) {
          begin(request);
        }
      } finally {
        ReferenceCountUtil.release(next);
      }
      return true;
    }
    if (next instanceof HttpRequest || !current.accept((HttpContent) next)) {
      return false;
    }
    pending.poll();
    return true;
  }

  /** The rest of the request is malformed; it is dropped, and no request follows it. */
  private void malformed() {
    keepAlive = false;
    done();
    if (headSent) {
      client.close();
    } else {
      local(HttpResponseStatus.BAD_REQUEST);
    }
  }

  /** Whether a handler of the host is still busy with the previous request. */
  private boolean isHeldBack() {
    return answering && pending.peek() instanceof HttpRequest;
  }

  /** Writes a part of the response, and stops reading while the client is slow. */
  void respond(BackHandler from, Object part, boolean head, boolean last) {
    if (head && rival != null && (from == current || from == rival)) {
      // Only the first head is used.
      BackHandler loser = from == rival ? current : rival;
      current = from;
      rival = null;
      if (loser != null) {
        loser.abandon();
      }
    }
    if (from != current) {
      ReferenceCountUtil.release(part);
      return;
    }
    headSent |= head;
    ChannelFuture written = answers.write(part, head);
    if (written == null) {
      return;
    }
    if (!client.isWritable()) {
      from.clientWritable(false);
    }
    if (last) {
      done();
      if (!keepAlive) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
      pump();
    }
  }

  /** The upstream failed: answers with an error, or aborts a response that has started. */
  void failed(BackHandler from, ProxyError error, @Nullable Throwable cause) {
    if (rival != null && (from == current || from == rival)) {
      current = from == rival ? current : rival;
      rival = null;
      from.abandon();
      return;
    }
    if (from != current) {
      return;
    }
    if (repeatable != null && retriesLeft > 0 && !headSent) {
      retriesLeft--;
      from.abandon();
      current = attempt(repeatable);
      return;
    }
    exchange.note(Side.UPSTREAM, error, cause);
    done();
    if (headSent) {
      client.close();
    } else {
      local(Routing.status(cause));
      pump();
    }
  }

  boolean isHttp11() {
    return http11;
  }

  void keepAlive(boolean possible) {
    keepAlive &= possible;
  }

  /** The upstream switched protocols; its bytes are now relayed unchanged. */
  void becomeTunnel(BackHandler from, Object head, Channel upstream) {
    if (from == current) {
      current = null;
      host.telemetry.bindTunnel(client, upstream);
      answers.switched(head);
      relay(upstream);
    } else {
      ReferenceCountUtil.release(head);
      upstream.close();
    }
  }

  private void begin(HttpRequest incoming) {
    HttpRequest request = Routing.webSocket(incoming);
    if (request != incoming) {
      pending.addFirst(LastHttpContent.EMPTY_LAST_CONTENT);
    } else if (request instanceof FullHttpRequest full) {
      pending.addFirst(new DefaultLastHttpContent(full.content().retain()));
    }
    if (request.decoderResult().cause() instanceof PrematureChannelClosureException) {
      client.close();
      return;
    }
    if (request.decoderResult().isFailure()) {
      keepAlive = false;
      local(HttpResponseStatus.BAD_REQUEST);
      return;
    }
    exchange = exchanges.remove();
    keepAlive = HttpUtil.isKeepAlive(request);
    http11 = !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    headSent = false;
    HandlerScript script = HandlerScript.of(request.headers().get(HandlerScript.HEADER));
    if (script != null) {
      answering = true;
      new ScriptedAnswer(script, client, host.options.handlerWork())
          .play(() -> headSent = true, this::answered);
      return;
    }
    InetSocketAddress to = Routing.target(request, host.options.origin());
    if (to == null) {
      local(HttpResponseStatus.BAD_REQUEST);
      return;
    }
    if (request.method().equals(HttpMethod.CONNECT)) {
      connect(to, exchange.startAttempt(Upstream.of(to.getHostString(), to.getPort())));
      return;
    }
    target = to;
    HttpRequest outgoing = Routing.outgoing(request);
    repeatable = host.options.repeats() && Routing.isRepeatable(outgoing) ? outgoing : null;
    retriesLeft = host.options.retries();
    current = attempt(outgoing);
    if (host.options.hedged() && repeatable != null) {
      rival = attempt(repeatable);
    }
  }

  private void answered() {
    answering = false;
    pump();
  }

  /** Sends the request on a pooled connection or a new one; each attempt has its own copy. */
  private BackHandler attempt(HttpRequest outgoing) {
    InetSocketAddress to = Objects.requireNonNull(target);
    AttemptObservation attempt =
        exchange.startAttempt(Upstream.of(to.getHostString(), to.getPort()));
    HttpRequest copy =
        new DefaultHttpRequest(
            outgoing.protocolVersion(),
            outgoing.method(),
            outgoing.uri(),
            outgoing.headers().copy());
    BackHandler back = new BackHandler(this, copy, attempt, outgoing == repeatable);
    if (host.options.totalTimeout() > 0) {
      back.limit(client.eventLoop(), host.options.totalTimeout());
    }
    dialler.connect(client, to, attempt, back);
    return back;
  }

  boolean pools() {
    return host.options.pooled();
  }

  UpstreamPool pool() {
    return host.pool;
  }

  private void connect(InetSocketAddress target, AttemptObservation attempt) {
    dialling =
        host.dialler(
                client,
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel upstream) {
                    host.own(upstream);
                    upstream.config().setAutoRead(false);
                    host.telemetry.installUpstream(upstream.pipeline(), attempt);
                  }
                })
            .connect(target)
            .addListener(
                (ChannelFutureListener)
                    future -> {
                      dialling = null;
                      if (!client.isActive()) {
                        future.channel().close();
                      } else if (future.isSuccess()) {
                        host.telemetry.bindTunnel(client, future.channel());
                        answers.established();
                        relay(future.channel());
                      } else {
                        keepAlive = false;
                        exchange.note(
                            Side.UPSTREAM, NettyTelemetry.classify(future.cause()), future.cause());
                        local(Routing.status(future.cause()));
                      }
                    })
            .channel();
  }

  private void relay(Channel upstream) {
    Relay.join(client, upstream, host.options.tunnelIdleTimeout(), this, pending);
    pending.clear();
  }

  private void local(HttpResponseStatus status) {
    answers.local(status, keepAlive);
  }

  private void done() {
    if (current != null) {
      current.abandon();
      current = null;
    }
    repeatable = null;
  }
}
