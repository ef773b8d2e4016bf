package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client's side of the proxy: answers one request at a time, in their order. */
@SuppressWarnings("FutureReturnValueIgnored")
final class FrontHandler extends ChannelInboundHandlerAdapter {
  private static final int MAX_PENDING = 64;

  private final NettyProxyHost host;
  private final Deque<Object> pending = new ArrayDeque<>();
  private final Deque<ExchangeObservation> exchanges = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext ctx;
  private ExchangeObservation exchange = HttpServerHandler.NONE;
  private @Nullable BackHandler current;
  private @Nullable Channel dialling;
  private boolean keepAlive = true;
  private boolean http11 = true;
  private boolean headSent;
  private boolean pumping;

  FrontHandler(NettyProxyHost host) {
    this.host = host;
  }

  Channel client() {
    return Objects.requireNonNull(ctx).channel();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext at, Object msg) {
    pending.add(msg);
    if (msg instanceof HttpRequest request && request.decoderResult().isSuccess()) {
      exchanges.add(NettyTelemetry.exchange(at.channel()));
      if (request.method().equals(HttpMethod.CONNECT)) {
        // What follows is not HTTP, even if it came in the same packet.
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

  @Override
  public void channelInactive(ChannelHandlerContext at) {
    if (current != null) {
      current.abandon();
    }
    if (dialling != null) {
      dialling.close();
    }
    pending.forEach(ReferenceCountUtil::release);
    pending.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
    at.close();
  }

  /** Forwards what can be forwarded now. */
  void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    while (!pending.isEmpty() && dialling == null) {
      Object next = pending.peek();
      if (current == null) {
        pending.poll();
        if (next instanceof HttpRequest request) {
          begin(request);
        }
        if (current == null || !(next instanceof HttpContent)) {
          ReferenceCountUtil.release(next);
        }
      } else if (next instanceof HttpRequest || !current.accept((HttpContent) next)) {
        break;
      } else {
        pending.poll();
      }
    }
    pumping = false;
    client().config().setAutoRead(pending.size() < MAX_PENDING);
  }

  /** Writes a part of the response, and asks for no more where the client is slow. */
  void respond(BackHandler from, Object part, boolean head, boolean last) {
    if (from != current) {
      ReferenceCountUtil.release(part);
      return;
    }
    headSent |= head;
    var written = client().writeAndFlush(part);
    if (!client().isWritable()) {
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

  /** The upstream failed: says so, or breaks off what has begun. */
  void failed(BackHandler from, ProxyError error, @Nullable Throwable cause) {
    if (from != current) {
      return;
    }
    exchange.note(Side.UPSTREAM, error, cause);
    done();
    if (headSent) {
      client().close();
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

  /** The upstream switched protocols; what it sends now goes to the client as it is. */
  void becomeTunnel(BackHandler from, Object head, Channel upstream) {
    if (from == current) {
      current = null;
      client().writeAndFlush(head);
      relay(upstream);
    } else {
      ReferenceCountUtil.release(head);
      upstream.close();
    }
  }

  private void begin(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      keepAlive = false;
      local(HttpResponseStatus.BAD_REQUEST);
      return;
    }
    exchange = exchanges.remove();
    keepAlive = HttpUtil.isKeepAlive(request);
    http11 = !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    headSent = false;
    InetSocketAddress target = Routing.target(request, host.origin);
    if (target == null) {
      local(HttpResponseStatus.BAD_REQUEST);
      return;
    }
    AttemptObservation attempt =
        exchange.startAttempt(Upstream.of(target.getHostString(), target.getPort()));
    if (request.method().equals(HttpMethod.CONNECT)) {
      connect(target, attempt);
    } else {
      BackHandler back = new BackHandler(this, Routing.outgoing(request), attempt);
      current = back;
      dial(target, attempt, back);
    }
  }

  private void dial(InetSocketAddress target, AttemptObservation attempt, BackHandler back) {
    host.dialler(
            client(),
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel upstream) {
                upstream.pipeline().addLast(new HttpClientCodec());
                upstream
                    .pipeline()
                    .addLast(new ReadTimeoutHandler(host.readTimeoutMillis, TimeUnit.MILLISECONDS));
                upstream.pipeline().addLast(back);
                host.telemetry.installUpstream(upstream.pipeline(), attempt);
              }
            })
        .connect(target)
        .addListener(
            (ChannelFutureListener) future -> back.connected(future.channel(), future.cause()));
  }

  private void connect(InetSocketAddress target, AttemptObservation attempt) {
    dialling =
        host.dialler(
                client(),
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel upstream) {
                    upstream.config().setAutoRead(false);
                    host.telemetry.installUpstream(upstream.pipeline(), attempt);
                  }
                })
            .connect(target)
            .addListener(
                (ChannelFutureListener)
                    future -> {
                      dialling = null;
                      if (!client().isActive()) {
                        future.channel().close();
                      } else if (future.isSuccess()) {
                        client()
                            .writeAndFlush(
                                new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
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
    Channel client = client();
    upstream.pipeline().addLast(new RelayHandler(client));
    client.pipeline().replace(this, null, new RelayHandler(upstream));
    pending.forEach(
        early -> {
          if (early instanceof HttpContent) {
            ReferenceCountUtil.release(early);
          } else {
            upstream.writeAndFlush(early);
          }
        });
    pending.clear();
    client.pipeline().remove(HttpServerCodec.class);
    upstream.config().setAutoRead(true);
    client.config().setAutoRead(true);
  }

  private void local(HttpResponseStatus status) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    HttpUtil.setContentLength(response, 0);
    HttpUtil.setKeepAlive(response, keepAlive);
    var written = client().writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void done() {
    if (current != null) {
      current.abandon();
      current = null;
    }
  }
}
