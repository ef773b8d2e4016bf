package io.github.proxytelemetry.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * State of a response, and the callback of its writes.
 *
 * <p>The callback runs before the host's: a proxy that cannot write to its client aborts the
 * upstream request, which must not be attributed to the upstream. Jetty allows one write of a
 * response at a time, so one callback serves all of them.
 */
final class ServerResponse implements Callback {
  private static final long UNKNOWN = -1;

  private final ServerExchange exchange;
  // Jetty publishes a write from thread to thread, and with it this field.
  private @Nullable Callback callback;
  private volatile boolean last;
  private boolean committed;
  private boolean bodyless;
  private long left = UNKNOWN;

  ServerResponse(ServerExchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Whether a head may be below the limit of HTTP/1; names and values alone are its lower bound.
   */
  static boolean fits(MetaData.Response head, HttpConfiguration limits) {
    int left = Math.max(limits.getMaxResponseHeaderSize(), limits.getResponseHeaderSize());
    HttpFields fields = HttpFieldsAccess.ofSent(head);
    try {
      for (int i = 0; i < fields.size() && left >= 0; i++) {
        HttpField field = fields.getField(i);
        String value = field.getValue();
        left -= field.getName().length() + (value == null ? 0 : value.length());
      }
    } catch (RuntimeException unreadable) {
      // A class of the host's. Jetty reads the field next, and fails for it where it must.
      return true;
    }
    return left >= 0;
  }

  /** The head is about to be written. */
  void commit(String method, MetaData.Response head) {
    int status = head.getStatus();
    committed = true;
    // Trailers follow the content, so its length does not complete the response.
    left = head.getTrailersSupplier() == null ? head.getContentLength() : UNKNOWN;
    bodyless =
        HttpMethod.HEAD.is(method)
            || status == HttpStatus.NO_CONTENT_204
            || status == HttpStatus.NOT_MODIFIED_304
            || status == HttpStatus.SWITCHING_PROTOCOLS_101;
  }

  /** The number of bytes of a write's content that the client receives. */
  int length(@Nullable ByteBuffer content) {
    return bodyless || !committed ? 0 : BufferUtil.length(content);
  }

  /**
   * Counts the content of a write.
   *
   * @return whether it is the rest of the Content-Length: the client may leave when it has that,
   *     and the end of an HTTP/2 stream may follow in a frame of its own
   */
  boolean take(int bytes) {
    if (left <= 0) {
      return false;
    }
    left = Math.max(0, left - bytes);
    return left == 0;
  }

  /**
   * A write begins; returns the callback to use in place of the host's.
   *
   * @param isLast whether the client has the whole response with it
   */
  Callback begin(boolean isLast, Callback host) {
    if (callback != null) {
      // A second write at a time: the stream rejects it.
      return host;
    }
    last = isLast;
    callback = host;
    return this;
  }

  boolean isBodyless() {
    return bodyless;
  }

  /** Whether the latest write was the last one. */
  boolean isLast() {
    return last;
  }

  /** Whether the latest write completes the response. */
  boolean isComplete() {
    return last || (committed && bodyless);
  }

  @Override
  public void succeeded() {
    Callback host = takeCallback();
    if (last) {
      end();
      exchange.lastWriteFinished();
    }
    host.succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    Callback host = takeCallback();
    fail(failure);
    exchange.lastWriteFinished();
    host.failed(failure);
  }

  @Override
  public InvocationType getInvocationType() {
    Callback host = callback;
    return host == null ? InvocationType.NON_BLOCKING : host.getInvocationType();
  }

  /** The last byte was passed to the socket. */
  void end() {
    if (committed) {
      exchange.responseEnd();
    }
  }

  /** A part of the response will never be written. */
  void fail(Throwable failure) {
    if (!(failure instanceof IOException) && !(failure instanceof TimeoutException)) {
      if (!exchange.hasResponseEnded()) {
        exchange.recordFailure().writeRefused(failure);
      }
      return;
    }
    boolean complete = isComplete();
    if (complete && exchange.isFlushed(failure)) {
      end();
      return;
    }
    if (exchange.hasResponseEnded()) {
      // Reported by the writing thread in the meantime.
      return;
    }
    if (!complete || failure instanceof TimeoutException) {
      exchange.recordFailure().writeFailed(failure, exchange.isBroken());
      return;
    }
    // The bytes may have been sent all the same: the end of the stream or of the write decides.
    exchange.recordFailure().suspectClient(failure);
    if (last) {
      exchange.lastWriteFailed(failure);
    }
  }

  /** Cleared before the callback is called, because it may begin the next write. */
  private Callback takeCallback() {
    Callback host = callback;
    callback = null;
    return host == null ? Callback.NOOP : host;
  }
}
