package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Connection to the origin for one request. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes its connection.
final class OriginHandler extends ChannelInboundHandlerAdapter {
  private final RelayHandler client;
  private final ChannelHandlerContext clientContext;
  private final ExchangeObservation exchange;
  private final Queue<Object> unsent = new ArrayDeque<>();
  private @Nullable Channel upstream;
  private boolean headRead;
  private boolean over;

  OriginHandler(
      RelayHandler client,
      ChannelHandlerContext clientContext,
      HttpRequest head,
      ExchangeObservation exchange) {
    this.client = client;
    this.clientContext = clientContext;
    this.exchange = exchange;
    unsent.add(head);
  }

  /** Sends a piece of the request's body. Returns whether it can take another one. */
  boolean send(HttpContent content) {
    if (over) {
      content.release();
      return true;
    }
    if (upstream == null) {
      unsent.add(content);
      return false;
    }
    upstream.writeAndFlush(content);
    return upstream.isWritable();
  }

  void clientWritable() {
    if (upstream != null) {
      upstream.config().setAutoRead(clientContext.channel().isWritable());
    }
  }

  /** The client is gone. */
  void abandon() {
    end();
  }

  void fail(@Nullable Throwable cause) {
    if (over) {
      return;
    }
    end();
    if (headRead) {
      clientContext.close();
    } else {
      exchange.note(Side.UPSTREAM, NettyTelemetry.classify(cause), cause);
      client.answer(clientContext, HttpResponseStatus.BAD_GATEWAY);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    upstream = ctx.channel();
    if (over) {
      ctx.close();
      return;
    }
    while (!unsent.isEmpty()) {
      ctx.write(unsent.remove());
    }
    ctx.flush();
    client.resume(clientContext);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
      return;
    }
    headRead |= message instanceof HttpResponse;
    boolean last = message instanceof LastHttpContent;
    clientContext.write(message);
    if (last) {
      clientContext.flush();
      end();
      client.answered(clientContext);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!over) {
      clientContext.flush();
      clientWritable();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      client.resume(clientContext);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
    ctx.close();
  }

  private void end() {
    over = true;
    unsent.forEach(ReferenceCountUtil::release);
    unsent.clear();
    if (upstream != null) {
      upstream.close();
    }
  }
}
