package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Observer of a request on a stream to an upstream, and its response. */
final class Http2Attempt extends StreamObserver {
  private final Http2ClientHandler connection;
  private final AttemptObservation attempt;
  private final Http2FrameStream stream;
  private int incompleteWrites;
  private boolean wholeRequest;
  private boolean connect;
  private boolean receiving;
  private boolean over;

  Http2Attempt(Http2ClientHandler connection, AttemptObservation attempt, Http2FrameStream stream) {
    this.connection = connection;
    this.attempt = attempt;
    this.stream = stream;
  }

  AttemptObservation attempt() {
    return attempt;
  }

  boolean isOver() {
    return over;
  }

  /** Listener for the close of a stream's channel that may never have been used. */
  ChannelFutureListener neverUsed() {
    return closed -> connection.unbind(stream);
  }

  void headWritten(Http2Headers headers) {
    connect = "CONNECT".contentEquals(headers.method());
  }

  /** Listens to the write of the head, which fails first if the stream cannot be opened. */
  ChannelPromise writtenWith(boolean last, ChannelPromise promise) {
    wholeRequest = last;
    incompleteWrites++;
    return listen(promise);
  }

  @Override
  void headersRead(Http2Headers headers, boolean last) {
    int status = Http2HeaderAccess.status(headers);
    if (status >= 100 && status < 200) {
      attempt.informational(status);
      return;
    }
    if (!receiving && status > 0) {
      receiving = true;
      connection.responseStarted(attempt, status, headers);
      if (connect && status < 300) {
        // What follows belongs to the tunnel, which is observed on the client's side.
        over = true;
        attempt.end();
        return;
      }
    } else if (receiving && !over) {
      connection.responseTrailers(attempt, headers);
    }
    dataRead(0, last);
  }

  @Override
  void dataRead(int bytes, boolean last) {
    if (over) {
      return;
    }
    if (!receiving) {
      // The head had no valid status, and no response can follow.
      fail(ProxyError.HTTP_PROTOCOL_ERROR, null);
      return;
    }
    if (bytes > 0) {
      attempt.responseBytes(bytes);
    }
    if (last) {
      over = true;
      attempt.responseEnd();
    }
  }

  @Override
  void resetRead(long code) {
    fail(Http2Errors.ofCode(code, receiving), null);
  }

  @Override
  ChannelPromise dataWritten(int bytes, boolean last, ChannelPromise promise) {
    if (over && connect) {
      return promise;
    }
    if (bytes > 0) {
      attempt.requestBytes(bytes);
    }
    if (!last) {
      return promise;
    }
    wholeRequest = true;
    incompleteWrites++;
    return listen(promise);
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    Throwable cause = future.cause();
    incompleteWrites--;
    if (cause == null) {
      if (wholeRequest && incompleteWrites == 0) {
        attempt.requestEnd();
      }
      return;
    }
    connection.forget(stream);
    if (connection.isClosedByHost()) {
      resetWritten(0);
    } else if (cause instanceof IOException || cause instanceof Http2Exception) {
      fail(NettyErrors.classify(cause), cause);
    } else if (!over) {
      over = true;
      attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  /** The proxy gave up a request that it resets. */
  @Override
  void resetWritten(long code) {
    if (!over) {
      over = true;
      attempt.cancel();
    }
  }

  @Override
  void failed(Throwable cause) {
    fail(NettyErrors.classify(cause), cause);
  }

  /** The upstream did not process the request, which may be retried (RFC 9113, section 6.8). */
  void refused() {
    fail(ProxyError.DESTINATION_UNAVAILABLE, null);
  }

  @Override
  void closed() {
    if (connection.isClosedByHost()) {
      resetWritten(0);
    } else {
      fail(Http2Errors.ofIncomplete(receiving), null);
    }
  }

  @Override
  void connectionClosed() {
    closed();
  }

  @Override
  void unobserved() {
    resetWritten(0);
  }

  private void fail(ProxyError error, @Nullable Throwable cause) {
    if (!over) {
      over = true;
      attempt.fail(Side.UPSTREAM, error, cause);
    }
  }
}
