package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.examples.common.HopByHop;
import io.github.proxytelemetry.examples.common.Responses;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to an origin, for one request. Lives on the event loop of its client. */
// A write that fails closes its connection, and that is what is acted on.
@SuppressWarnings("FutureReturnValueIgnored")
final class OriginHandler extends ChannelInboundHandlerAdapter {
  private final ClientHandler client;
  private final ChannelHandlerContext clientContext;
  private final ExchangeObservation exchange;
  private final AttemptObservation attempt;
  private final OriginConnector origins;
  private final HttpRequest request;

  /** The head and at most one piece of the body, until the connection is there. */
  private final Queue<HttpObject> waiting = new ArrayDeque<>();

  private @Nullable ChannelHandlerContext connected;
  private @Nullable Future<?> timeout;
  private boolean interim;
  private boolean headRead;
  private boolean over;

  OriginHandler(
      ClientHandler client,
      ChannelHandlerContext clientContext,
      ExchangeObservation exchange,
      AttemptObservation attempt,
      HttpRequest request,
      Destination destination,
      OriginConnector origins) {
    this.client = client;
    this.clientContext = clientContext;
    this.exchange = exchange;
    this.attempt = attempt;
    this.origins = origins;
    this.request = request;
    waiting.add(origins.onwards(request, destination));
  }

  /** Sends a piece of the request's body. Returns whether it can take another one. */
  boolean send(HttpContent content) {
    if (over) {
      content.release();
      return true;
    }
    if (connected == null) {
      waiting.add(content);
      return false;
    }
    write(connected, content);
    connected.flush();
    return connected.channel().isWritable();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connected = ctx;
    for (HttpObject object = waiting.poll(); object != null; object = waiting.poll()) {
      write(ctx, object);
    }
    ctx.flush();
    ctx.read();
    if (ctx.channel().isWritable()) {
      client.resume(clientContext);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && !over) {
      client.resume(clientContext);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse head) {
      readHead(ctx, head);
    }
    if (message instanceof HttpContent content) {
      readContent(ctx, content);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    clientContext.flush();
    if (clientContext.channel().isWritable()) {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, HttpResponseStatus.BAD_GATEWAY);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, HttpResponseStatus.BAD_GATEWAY);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  private void write(ChannelHandlerContext ctx, HttpObject object) {
    ctx.write(object);
    if (object instanceof LastHttpContent) {
      timeout =
          ctx.executor()
              .schedule(() -> timedOut(ctx), origins.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void timedOut(ChannelHandlerContext ctx) {
    if (!over) {
      // telemetry: why a 504, and why the connection is closed
      exchange.note(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
      attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
      fail(ctx, HttpResponseStatus.GATEWAY_TIMEOUT);
    }
  }

  private void readHead(ChannelHandlerContext ctx, HttpResponse head) {
    if (head.decoderResult().isFailure()) {
      fail(ctx, HttpResponseStatus.BAD_GATEWAY);
      return;
    }
    if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      // No request goes on with an Upgrade, so that nobody understands what would follow.
      exchange.note(Side.UPSTREAM, ProxyError.HTTP_PROTOCOL_ERROR, null); // telemetry: why a 502
      fail(ctx, HttpResponseStatus.BAD_GATEWAY);
      return;
    }
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    HopByHop.remove(head);
    if (interim && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      clientContext.writeAndFlush(Responses.whole(head));
    }
    if (interim) {
      return;
    }
    headRead = true;
    cancelTimeout();
    client.keepAlive(Responses.frame(head, request, client.keepsAlive()));
    OriginConnector.addVia(head);
    clientContext.write(head);
  }

  private void readContent(ChannelHandlerContext ctx, HttpContent content) {
    if (over || interim) {
      content.release();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      fail(ctx, HttpResponseStatus.BAD_GATEWAY);
      return;
    }
    boolean last = content instanceof LastHttpContent;
    clientContext.write(content);
    if (last) {
      stop();
      ctx.close();
      clientContext.flush();
      client.answered(clientContext);
    }
  }

  /** Answers with an error, or, where the answer has begun, breaks it off visibly. */
  private void fail(ChannelHandlerContext ctx, HttpResponseStatus status) {
    if (over) {
      return;
    }
    stop();
    ctx.close();
    if (headRead) {
      clientContext.close();
    } else if (clientContext.channel().isActive()) {
      client.answer(clientContext, status);
    }
  }

  private void stop() {
    over = true;
    cancelTimeout();
  }

  private void cancelTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }
}
