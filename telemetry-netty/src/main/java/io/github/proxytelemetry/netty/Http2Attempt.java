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

/** A request that is sent on a stream, and its response. */
final class Http2Attempt extends StreamObserver {
  private final Http2ClientHandler connection;
  private final AttemptObservation attempt;
  private final Http2FrameStream stream;
  private int unsent;
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

  /** What to do when the stream's channel is closed without having been used. */
  ChannelFutureListener neverUsed() {
    return closed -> connection.unbind(stream);
  }

  void headWritten(Http2Headers headers) {
    connect = "CONNECT".contentEquals(headers.method());
  }

  /** The promise of the head, which is the first to tell that there will be no stream. */
  ChannelPromise writtenWith(boolean last, ChannelPromise promise) {
    wholeRequest = last;
    unsent++;
    return listen(promise);
  }

  @Override
  void headersRead(Http2Headers headers, boolean last) {
    int status = Http2Head.status(headers);
    if (status >= 100 && status < 200) {
      attempt.informational(status);
      return;
    }
    if (!receiving && status > 0) {
      receiving = true;
      connection.responseStarted(attempt, status, headers);
      if (connect && status < 300) {
        // From here on it is a tunnel, which is the exchange's.
        over = true;
        attempt.end();
        return;
      }
    }
    dataRead(0, last);
  }

  @Override
  void dataRead(int bytes, boolean last) {
    if (over) {
      return;
    }
    if (!receiving) {
      // Neither is it a response, without a status, nor can one follow.
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
    fail(Http2Install.error(code, receiving), null);
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
    unsent++;
    return listen(promise);
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    Throwable cause = future.cause();
    unsent--;
    if (cause == null) {
      if (wholeRequest && unsent == 0) {
        attempt.requestEnd();
      }
      return;
    }
    connection.forget(stream);
    if (connection.isClosedByHost()) {
      resetWritten(0);
    } else if (cause instanceof IOException || cause instanceof Http2Exception) {
      fail(Failures.classify(cause), cause);
    } else if (!over) {
      over = true;
      attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  /** What the proxy itself resets, it has given up. */
  @Override
  void resetWritten(long code) {
    if (!over) {
      over = true;
      attempt.cancel();
    }
  }

  @Override
  void failed(Throwable cause) {
    fail(Failures.classify(cause), cause);
  }

  /** The upstream has not looked at it, and says so: it may be tried again (RFC 9113, 6.8). */
  void refused() {
    fail(ProxyError.DESTINATION_UNAVAILABLE, null);
  }

  @Override
  void closed() {
    if (connection.isClosedByHost()) {
      resetWritten(0);
    } else {
      fail(Http2Install.ended(receiving), null);
    }
  }

  @Override
  void connectionGone() {
    closed();
  }

  @Override
  void forgotten() {
    resetWritten(0);
  }

  private void fail(ProxyError error, @Nullable Throwable cause) {
    if (!over) {
      over = true;
      attempt.fail(Side.UPSTREAM, error, cause);
    }
  }
}
