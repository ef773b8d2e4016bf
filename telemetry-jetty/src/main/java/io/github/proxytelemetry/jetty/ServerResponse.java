package io.github.proxytelemetry.jetty;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * How far a response has come. It learns how a write went before anybody else does: a proxy that
 * cannot write to its client gives up the upstream, and that is not the upstream's fault.
 *
 * <p>Jetty has one write of a response at a time, so this is the callback of all of them.
 */
final class ServerResponse implements Callback {
  private final ServerExchange exchange;
  // Jetty hands a write over from thread to thread, and this with it.
  private @Nullable Callback callback;
  private volatile boolean last;
  private boolean committed;
  private boolean bodyless;
  private boolean ended;

  ServerResponse(ServerExchange exchange) {
    this.exchange = exchange;
  }

  /** Its head is about to be written. */
  void commit(String method, int status) {
    committed = true;
    bodyless =
        HttpMethod.HEAD.is(method)
            || status == HttpStatus.NO_CONTENT_204
            || status == HttpStatus.NOT_MODIFIED_304
            || status == HttpStatus.SWITCHING_PROTOCOLS_101;
  }

  /** How many bytes of what is written the client gets. */
  int length(@Nullable ByteBuffer content) {
    return bodyless || !committed ? 0 : BufferUtil.length(content);
  }

  /** Stands in for the callback of the write that begins. */
  Callback begin(boolean isLast, Callback told) {
    if (callback != null) {
      // For the stream to refuse.
      return told;
    }
    last = isLast;
    callback = told;
    return this;
  }

  boolean isBodyless() {
    return bodyless;
  }

  /** Whether nothing is to be written after what was written last. */
  boolean isLast() {
    return last;
  }

  /** Whether the client has all of it with what was written last. */
  boolean isComplete() {
    return last || (committed && bodyless);
  }

  /** Whether the last byte is known to have been handed to the network. */
  boolean hasEnded() {
    return ended;
  }

  @Override
  public void succeeded() {
    Callback told = written();
    if (last) {
      end();
      exchange.writeOver();
    }
    told.succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    Callback told = written();
    fail(failure);
    exchange.writeOver();
    told.failed(failure);
  }

  @Override
  public InvocationType getInvocationType() {
    Callback told = callback;
    return told == null ? InvocationType.NON_BLOCKING : told.getInvocationType();
  }

  /** The last byte was handed to the network. */
  void end() {
    if (committed && !ended) {
      ended = true;
      exchange.responseEnd();
    }
  }

  /** A part of it will never be written. */
  void fail(Throwable failure) {
    boolean complete = isComplete();
    if (complete && exchange.hasLeft(failure)) {
      end();
      return;
    }
    if (ended) {
      // Meanwhile the thread that wrote has said so.
      return;
    }
    if (!complete || failure instanceof TimeoutException) {
      ClientFailures.write(exchange, failure, exchange.isBroken());
      return;
    }
    // It may have left all the same; the end of the stream says so, or that of the write.
    exchange.blame().suspectClient(failure);
    if (last) {
      exchange.lastWriteFailed(failure);
    }
  }

  /** The next write may begin in the callback of this one. */
  private Callback written() {
    Callback told = callback;
    callback = null;
    return told == null ? Callback.NOOP : told;
  }
}
