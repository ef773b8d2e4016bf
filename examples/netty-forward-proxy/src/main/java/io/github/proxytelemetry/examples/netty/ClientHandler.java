package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: takes one request after the other and sends each where it wants to go.
 *
 * <p>Nothing is read unasked. One read is always under way, so that a client who leaves is noticed,
 * except while the origin is slower than the client, or a pipelined request waits for its turn.
 */
// A write that fails closes its connection, and that is what is acted on.
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientHandler extends ChannelInboundHandlerAdapter {
  private static final HttpResponseStatus ESTABLISHED =
      new HttpResponseStatus(200, "Connection established");
  private static final HttpResponseStatus LOOP_DETECTED =
      new HttpResponseStatus(508, "Loop Detected");

  private final OriginConnector origins;

  private @Nullable HttpRequest request;
  private @Nullable HttpRequest next;
  private @Nullable OriginHandler origin;
  private @Nullable Channel upstream;
  private boolean keepAlive;
  private boolean requestRead;
  private boolean answered;

  ClientHandler(OriginConnector origins) {
    this.origins = origins;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest head) {
      if (request == null) {
        begin(ctx, head);
      } else {
        next = head;
      }
    } else if (message instanceof HttpContent content && request != null) {
      readContent(ctx, content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (upstream != null && ctx.channel().isWritable()) {
      upstream.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (upstream != null) {
      upstream.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  /** The origin can take more of the request. */
  void readMore(ChannelHandlerContext ctx) {
    if (!requestRead) {
      ctx.read();
    }
  }

  /** The response has no other end than that of the connection. */
  void closeAfterAnswer() {
    keepAlive = false;
  }

  boolean keepsAlive() {
    return keepAlive;
  }

  /** Answers in the origin's place. */
  void answer(ChannelHandlerContext ctx, HttpResponseStatus status) {
    ByteBuf text =
        ByteBufUtil.encodeString(
            ctx.alloc(), CharBuffer.wrap(status + "\n"), StandardCharsets.US_ASCII);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, text);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
        .set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes());
    if (request != null) {
      HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), keepAlive);
    }
    ctx.writeAndFlush(response);
    answered(ctx);
  }

  /** The end of the response has been written. */
  void answered(ChannelHandlerContext ctx) {
    answered = true;
    origin = null;
    upstream = null;
    if (requestRead) {
      finish(ctx);
    } else {
      // The rest of the request is of no use to anybody, but stands before the next one.
      ctx.read();
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest head) {
    request = head;
    answered = false;
    // Nothing can be understood that follows what was not understood.
    requestRead = head.decoderResult().isFailure();
    keepAlive = !requestRead && HttpUtil.isKeepAlive(head);
    route(ctx, head);
    if (request == head && !answered) {
      ctx.read();
    }
  }

  private void route(ChannelHandlerContext ctx, HttpRequest head) {
    Destination destination = requestRead ? null : Destination.of(head);
    ExchangeObservation exchange = NettyTelemetry.exchange(ctx.channel()); // telemetry
    if (destination == null) {
      answer(ctx, HttpResponseStatus.BAD_REQUEST);
    } else if (origins.isBlocked(destination)) {
      exchange.note(Side.PROXY, ProxyError.HTTP_REQUEST_DENIED, null); // telemetry: why a 403
      answer(ctx, HttpResponseStatus.FORBIDDEN);
    } else if (origins.hasSent(head)) {
      exchange.note(Side.PROXY, ProxyError.PROXY_LOOP_DETECTED, null); // telemetry: why a 508
      answer(ctx, LOOP_DETECTED);
    } else if (head.method().equals(HttpMethod.CONNECT)) {
      openTunnel(ctx, destination, exchange);
    } else {
      forward(ctx, head, destination, exchange);
    }
  }

  private void forward(
      ChannelHandlerContext ctx,
      HttpRequest head,
      Destination destination,
      ExchangeObservation exchange) {
    OriginHandler handler = new OriginHandler(this, ctx, exchange, head, destination, origins);
    origin = handler;
    ChannelFuture connected = origins.forward(ctx.channel(), destination, exchange, handler);
    upstream = connected.channel();
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            connectFailed(ctx, exchange, done.cause());
          }
        });
  }

  private void openTunnel(
      ChannelHandlerContext ctx, Destination destination, ExchangeObservation exchange) {
    ChannelFuture connected = origins.openTunnel(ctx.channel(), destination, exchange);
    upstream = connected.channel();
    connected.addListener(
        done -> {
          if (done.isSuccess()) {
            ctx.writeAndFlush(
                    new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, ESTABLISHED, Unpooled.EMPTY_BUFFER))
                .addListener(written -> becomeTunnel(ctx, connected.channel()));
          } else {
            connectFailed(ctx, exchange, done.cause());
          }
        });
  }

  private void becomeTunnel(ChannelHandlerContext ctx, Channel upstream) {
    // A client who sends before it may has had its bytes taken for a request.
    if (!ctx.channel().isActive() || next != null) {
      upstream.close();
      ctx.close();
      return;
    }
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addLast(new TunnelHandler(upstream));
    pipeline.remove(this);
    pipeline.remove(HttpServerCodec.class);
    pipeline.remove(FlowControlHandler.class);
    ctx.channel().read();
    upstream.read();
  }

  private void connectFailed(
      ChannelHandlerContext ctx, ExchangeObservation exchange, @Nullable Throwable cause) {
    if (!ctx.channel().isActive()) {
      return;
    }
    if (cause instanceof ConnectTimeoutException) {
      exchange.note(Side.UPSTREAM, ProxyError.CONNECTION_TIMEOUT, cause); // telemetry: why a 504
      answer(ctx, HttpResponseStatus.GATEWAY_TIMEOUT);
    } else {
      answer(ctx, HttpResponseStatus.BAD_GATEWAY);
    }
  }

  private void readContent(ChannelHandlerContext ctx, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      ctx.close();
      return;
    }
    requestRead = content instanceof LastHttpContent;
    boolean more = true;
    if (origin == null) {
      content.release();
    } else {
      more = origin.send(content);
    }
    boolean open = true;
    if (requestRead && answered) {
      open = keepAlive;
      finish(ctx);
    }
    // After the end: to take the next request, and to notice a client who leaves.
    if (open && (requestRead || more)) {
      ctx.read();
    }
  }

  private void finish(ChannelHandlerContext ctx) {
    HttpRequest following = next;
    request = null;
    next = null;
    if (!keepAlive) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else if (following != null) {
      begin(ctx, following);
    }
  }
}
