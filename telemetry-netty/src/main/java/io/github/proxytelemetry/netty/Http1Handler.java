package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Common part of the handlers next to an HTTP/1.1 codec: matches responses to requests, which are
 * answered in order (RFC 9112, section 9.3.2), and detects when a message has been written.
 *
 * <p>The latest exchange or attempt is a field; a queue exists only once requests were pipelined.
 * Under G1, storing a young object in this long-lived one triggers the post-write barrier, so the
 * field is written once per request. Clearing it does not, and is done at the end: what was
 * recorded for the last request would live as long as an idle connection.
 *
 * <p>The last write of a message usually completes before its flush returns. So its promise is
 * polled after the write and after the flush, and only one that is still incomplete then gets a
 * listener, which costs more than everything else recorded for the message.
 *
 * @param <T> the observation of a request and its response
 */
abstract class Http1Handler<T> extends ChannelDuplexHandler
    implements ConnectionListener, RequestView, HttpHeaderAccess {
  /** The request that is being reported, during that call only. */
  private @Nullable HttpRequest reported;

  /** The observation set last, until it is over. Cleared by the subclasses, without a call. */
  @Nullable T latest;

  private RequestKind latestKind = RequestKind.PLAIN;
  boolean latestUnanswered;
  @Nullable ChannelPromise latestWrite;

  // HttpServerCodec stops reading at 128 unanswered requests, which bounds this queue.
  private @Nullable ArrayDeque<Unanswered<T>> earlier;
  private @Nullable PendingWrites<T> pendingWrites;

  private record Unanswered<T>(T item, RequestKind kind) {}

  private boolean open;
  private boolean timingAdded;
  private @Nullable HttpMessage copy;

  abstract WarningLog log();

  /** Opens the view of a request for one call of the back end, until {@link #closeView}. */
  final RequestView openView(HttpRequest request) {
    reported = request;
    return this;
  }

  final void closeView() {
    reported = null;
  }

  @Override
  public final HttpRequest request() {
    if (reported == null) {
      throw new IllegalStateException("A request is used only during the call it is passed to");
    }
    return reported;
  }

  /** Opens the access to headers for one call of the back end, until {@link #closeHeaders}. */
  final HttpHeaderAccess openHeaders() {
    open = true;
    return this;
  }

  final void closeHeaders() {
    open = false;
  }

  @Override
  public final boolean isOpen() {
    return open;
  }

  @Override
  public final @Nullable HttpMessage copy() {
    return copy;
  }

  @Override
  public final void setCopy(@Nullable HttpMessage message) {
    copy = message;
  }

  @Override
  public final boolean isTimingAdded() {
    return timingAdded;
  }

  @Override
  public final void setTimingAdded(boolean added) {
    timingAdded = added;
  }

  /** Reports a message that was read. */
  abstract void read(ChannelHandlerContext ctx, Object msg);

  /** Reports a message that is about to be written; returns the promise to write it with. */
  abstract ChannelPromise beforeWrite(
      ChannelHandlerContext ctx, Object msg, ChannelPromise promise);

  /** The last byte of a message was passed to the network, or its write failed. */
  abstract void messageWritten(T item, @Nullable Throwable cause);

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      read(ctx, msg);
    } catch (RuntimeException | Error failure) {
      log().adapterFailed(failure);
    }
    ctx.fireChannelRead(msg);
  }

  @Override
  public final void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise)
      throws Exception {
    ChannelPromise end = promise;
    try {
      end = beforeWrite(ctx, msg, promise);
    } catch (RuntimeException | Error failure) {
      log().adapterFailed(failure);
    }
    // Both are taken before the write, which may lead to the next message.
    Object written = takeMessage(msg);
    boolean added = timingAdded;
    timingAdded = false;
    super.write(ctx, written, end);
    if (latestWrite != null) {
      checkWritten(false);
    }
    if (added) {
      HttpHeaderAccess.removeAdded((HttpMessage) msg);
    }
  }

  /** The observation set last, until it is over. */
  final @Nullable T latest() {
    return latest;
  }

  /** Replaces the latest observation. Its request does not wait for a response yet. */
  final void setLatest(T item) {
    if (latestWrite != null) {
      checkWritten(true);
    }
    T previous = latest;
    if (latestUnanswered && previous != null) {
      if (earlier == null) {
        earlier = new ArrayDeque<>();
      }
      earlier.add(new Unanswered<>(previous, latestKind));
    }
    latest = item;
    latestUnanswered = false;
  }

  /** Replaces an observation that has ended, and whose request still waits for a response. */
  final void replace(T ended, T substitute) {
    if (latest == ended) {
      latest = substitute;
    } else if (earlier != null) {
      ArrayDeque<Unanswered<T>> replaced = new ArrayDeque<>();
      for (Unanswered<T> each : earlier) {
        replaced.add(each.item == ended ? new Unanswered<>(substitute, each.kind) : each);
      }
      earlier = replaced;
    }
  }

  /** The request of the latest observation waits for a response. */
  final void awaitResponse(RequestKind kind) {
    // Kinds are few and long-lived; comparing is cheaper than the write barrier.
    if (latestKind != kind) {
      latestKind = kind;
    }
    latestUnanswered = true;
  }

  /** The observation that the next response belongs to. */
  final @Nullable T first() {
    if (earlier != null && !earlier.isEmpty()) {
      return earlier.element().item;
    }
    return latestUnanswered ? latest : null;
  }

  /** Whether the response to the request of an observation is not complete. */
  final boolean isUnanswered(T item) {
    if (item == latest) {
      return latestUnanswered;
    }
    if (earlier != null) {
      for (Unanswered<T> each : earlier) {
        if (each.item == item) {
          return true;
        }
      }
    }
    return false;
  }

  /** Kind of the request that the next response belongs to, if there is one. */
  final RequestKind firstKind() {
    return earlier == null || earlier.isEmpty() ? latestKind : earlier.element().kind;
  }

  /** Removes the observation that the next response belongs to. */
  final @Nullable T removeFirst() {
    if (earlier != null && !earlier.isEmpty()) {
      return earlier.remove().item;
    }
    T item = latestUnanswered ? latest : null;
    latestUnanswered = false;
    return item;
  }

  /** Removes the oldest message that is still being written. */
  final @Nullable T removePendingWrite() {
    checkWritten(true);
    return pendingWrites == null ? null : pendingWrites.removeFirst();
  }

  /** The last part of a message is about to be written; returns the promise to write it with. */
  final ChannelPromise lastWrite(T item, ChannelPromise promise) {
    ChannelPromise open = promise.unvoid();
    // Other classes may neither report completion when polled nor accept a listener later.
    if (item == latest && open.getClass() == DefaultChannelPromise.class) {
      latestWrite = open;
      return open;
    }
    return Promises.listen(open, pendingWrites().add(item));
  }

  @Override
  public final void flushed() {
    checkWritten(true);
  }

  /**
   * Polls the promise of the latest message's last write.
   *
   * @param listen whether to add a listener if it is incomplete
   */
  final void checkWritten(boolean listen) {
    ChannelPromise promise = latestWrite;
    T item = latest;
    if (promise == null || item == null) {
      return;
    }
    if (promise.isDone()) {
      latestWrite = null;
      messageWritten(item, promise.cause());
    } else if (listen) {
      latestWrite = null;
      promise.addListener(pendingWrites().add(item));
    }
  }

  private PendingWrites<T> pendingWrites() {
    PendingWrites<T> writes = pendingWrites;
    if (writes == null) {
      writes = new PendingWrites<>(this::messageWritten);
      pendingWrites = writes;
    }
    return writes;
  }
}
