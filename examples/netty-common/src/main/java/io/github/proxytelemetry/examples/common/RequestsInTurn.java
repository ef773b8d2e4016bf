package io.github.proxytelemetry.examples.common;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes one request of a client after the other.
 *
 * <p>What one read brought waits in the inbox for its turn. When that is empty the next read is
 * asked for, also while an answer is awaited, so that a client who leaves is noticed; but not while
 * the upstream is slower than the client.
 */
// A write that fails closes its connection, and that is what is acted on.
@SuppressWarnings("FutureReturnValueIgnored")
public abstract class RequestsInTurn extends ChannelInboundHandlerAdapter {
  private final Queue<Object> inbox = new ArrayDeque<>();

  private @Nullable HttpRequest request;
  private boolean keepAlive;
  private boolean requestRead;
  private boolean answered;
  private boolean paused;
  private boolean taking;

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest head) {
      // telemetry: asked for now, since another request may be read before this one's turn
      inbox.add(new Incoming(head, NettyTelemetry.exchange(ctx.channel())));
    } else {
      inbox.add(message);
    }
    if (message instanceof FullHttpRequest whole) {
      inbox.add(new DefaultLastHttpContent(whole.content(), whole.trailingHeaders()));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    takeFromInbox(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    inbox.forEach(ReferenceCountUtil::release);
    inbox.clear();
  }

  /** It is a request's turn. Its content follows, for {@link #send}. */
  protected abstract void begin(
      ChannelHandlerContext ctx, HttpRequest head, ExchangeObservation exchange);

  /**
   * Passes a piece of the request's body on, or releases it. Returns whether there can be another
   * one; if not, {@link #resume} is called later.
   */
  protected abstract boolean send(HttpContent content);

  /** The request has been answered: nothing is to be passed on any more. */
  protected abstract void forget();

  /** The upstream can take more of the request. */
  public final void resume(ChannelHandlerContext ctx) {
    if (paused) {
      paused = false;
      takeFromInbox(ctx);
    }
  }

  /** Whether the connection is to stay open after the answer. */
  public final boolean keepsAlive() {
    return keepAlive;
  }

  /** Says whether the connection stays open after the answer. */
  public final void keepAlive(boolean stays) {
    keepAlive = stays;
  }

  /** Whether there is more that the client sent. */
  protected final boolean hasMore() {
    return !inbox.isEmpty();
  }

  /** Answers in the upstream's place. */
  public final void answer(ChannelHandlerContext ctx, HttpResponseStatus status) {
    HttpResponse response = LocalAnswer.of(status);
    if (request != null) {
      HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), keepAlive);
    }
    ctx.writeAndFlush(response);
    answered(ctx);
  }

  /** The end of the response has been written. */
  public final void answered(ChannelHandlerContext ctx) {
    answered = true;
    forget();
    // The rest of the request is of no use to anybody, but stands before the next one.
    paused = false;
    if (requestRead) {
      finish(ctx);
    }
    takeFromInbox(ctx);
  }

  private void takeFromInbox(ChannelHandlerContext ctx) {
    // What is taken may be answered at once, which leads here again.
    if (taking) {
      return;
    }
    taking = true;
    while (!inbox.isEmpty() && !paused && (request == null || !requestRead)) {
      take(ctx, inbox.remove());
    }
    taking = false;
    if (inbox.isEmpty() && !paused) {
      ctx.read();
    }
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Incoming incoming) {
      take(ctx, incoming);
    } else if (message instanceof HttpContent content && request != null) {
      takeContent(ctx, content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(ChannelHandlerContext ctx, Incoming incoming) {
    HttpRequest head = incoming.head();
    request = head;
    answered = false;
    // Nothing can be understood that follows what was not understood.
    requestRead = head.decoderResult().isFailure();
    keepAlive = !requestRead && HttpUtil.isKeepAlive(head);
    if (requestRead) {
      answer(ctx, HttpResponseStatus.BAD_REQUEST);
    } else {
      begin(ctx, head, incoming.exchange());
    }
  }

  private void takeContent(ChannelHandlerContext ctx, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      ctx.close();
      return;
    }
    requestRead = content instanceof LastHttpContent;
    paused = !send(content) && !requestRead;
    if (requestRead && answered) {
      finish(ctx);
    }
  }

  private void finish(ChannelHandlerContext ctx) {
    request = null;
    if (!keepAlive) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private record Incoming(HttpRequest head, ExchangeObservation exchange) {}
}
