package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Observer of a request on a client's stream, and its response. Either may end first.
 *
 * <p>A response ends when its last frame has been written, which flow control may delay for long.
 */
final class Http2Exchange extends StreamObserver {
  private final ExchangeObservation exchange;
  private final @Nullable TunnelKind tunnelKind;
  private final DisconnectCause disconnect;
  private @Nullable ServerTunnel tunnel;
  private @Nullable TunnelUpstream tunnelUpstream;
  private boolean started;
  private boolean lastWritten;
  private boolean requestEnded;
  private boolean responseEnded;
  private boolean ended;
  private boolean resetByHost;
  private boolean closed;

  /**
   * @param tunnelKind kind of tunnel that a 2xx opens, if any
   * @param disconnect side that ends the connection
   */
  Http2Exchange(
      ExchangeObservation exchange, @Nullable TunnelKind tunnelKind, DisconnectCause disconnect) {
    this.exchange = exchange;
    this.tunnelKind = tunnelKind;
    this.disconnect = disconnect;
  }

  ExchangeObservation exchange() {
    return exchange;
  }

  @Nullable ServerTunnel tunnel() {
    return tunnel;
  }

  /** Binds the current tunnel, or the next one, to the channel that its bytes are relayed to. */
  void bindTunnel(TunnelUpstream upstream) {
    if (tunnel == null) {
      tunnelUpstream = upstream;
    } else {
      tunnel.bind(upstream);
    }
  }

  @Override
  void headersRead(Http2Headers trailers, boolean last) {
    dataRead(0, last);
  }

  @Override
  void dataRead(int bytes, boolean last) {
    if (tunnel != null) {
      tunnel.bytesRead(bytes);
      if (last) {
        tunnel.closedBy(Side.DOWNSTREAM);
      }
      return;
    }
    if (bytes > 0) {
      exchange.requestBytes(bytes);
    }
    if (last) {
      requestEnded = true;
      exchange.requestEnd();
    }
  }

  @Override
  void resetRead(long code) {
    if (tunnel != null) {
      tunnel.closedBy(Side.DOWNSTREAM);
      if (code != Http2Error.NO_ERROR.code() && code != Http2Error.CANCEL.code()) {
        tunnel.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
      }
    } else if (!responseEnded) {
      fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    }
  }

  /** Headers are written: of an interim response, of the response, or trailers. */
  ChannelPromise headersWritten(Http2HeaderAccess headers, ChannelPromise promise) {
    int status = tunnel == null ? headers.status() : 0;
    if (status >= 100 && status < 200) {
      exchange.informational(status, headers, Http2HeaderAccess.ACCESS);
      return promise;
    }
    if (status > 0) {
      started = true;
      exchange.responseStarted(status, headers, Http2HeaderAccess.ACCESS);
      if (tunnelKind != null && status >= 200 && status < 300) {
        tunnel = new ServerTunnel(exchange.startTunnel(tunnelKind), 0, tunnelUpstream);
      }
    } else if (tunnel == null && started) {
      exchange.responseTrailers(headers, Http2HeaderAccess.ACCESS);
    }
    return dataWritten(0, headers.isLast(), promise);
  }

  @Override
  ChannelPromise dataWritten(int bytes, boolean last, ChannelPromise promise) {
    if (tunnel != null) {
      ChannelPromise end = tunnel.bytesWritten(bytes, promise);
      if (last) {
        tunnel.closedBy(Side.UPSTREAM);
      }
      return end;
    }
    if (!started) {
      // The head had no valid status, so what follows is not a response.
      return promise;
    }
    if (bytes > 0) {
      exchange.responseBytes(bytes);
    }
    if (!last) {
      return promise;
    }
    lastWritten = true;
    return listen(promise);
  }

  /** The last frame of the response was written, or its write failed. */
  @Override
  public void operationComplete(ChannelFuture future) {
    Throwable cause = future.cause();
    if (cause == null) {
      responseEnded = true;
      exchange.responseEnd();
      if (closed) {
        end();
      }
    } else if (cause instanceof IOException || cause instanceof Http2Exception) {
      interrupted(cause);
    } else {
      fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  /** The host gives up the stream, or stops an upload that it has answered already. */
  @Override
  void resetWritten(long code) {
    if (tunnel != null) {
      tunnel.closedBy(Side.UPSTREAM);
    } else if (!responseEnded) {
      resetByHost = true;
      if (!lastWritten) {
        interrupted(null);
      }
    }
  }

  @Override
  void failed(Throwable cause) {
    if (tunnel != null) {
      tunnel.fail(Side.DOWNSTREAM, ProxyError.HTTP_REQUEST_ERROR, cause);
    } else {
      exchange.note(Side.DOWNSTREAM, ProxyError.HTTP_REQUEST_ERROR, cause);
    }
  }

  @Override
  void closed() {
    closed = true;
    if (tunnel != null) {
      tunnel.endWhenWritten();
    } else if (responseEnded) {
      // Only the rest of the upload is missing.
      end();
    } else if (!lastWritten) {
      interrupted(disconnect.clientFailure());
    }
  }

  @Override
  void connectionClosed() {
    closed = true;
    if (tunnel != null) {
      tunnel.closedBy(disconnect.isClosedByHost() ? Side.UPSTREAM : Side.DOWNSTREAM);
      tunnel.end(disconnect.clientFailure());
    } else if (responseEnded) {
      end();
    } else {
      interrupted(disconnect.clientFailure());
    }
  }

  @Override
  void unobserved() {
    if (tunnel != null) {
      tunnel.end(null);
    } else {
      end();
    }
  }

  private void interrupted(@Nullable Throwable cause) {
    if (resetByHost) {
      fail(Side.PROXY, ProxyError.CONNECTION_TERMINATED, cause);
    } else if (isFirstEnd()) {
      disconnect.fail(exchange, cause);
    }
  }

  private void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (isFirstEnd()) {
      exchange.fail(side, error, cause);
    }
  }

  private void end() {
    if (isFirstEnd()) {
      exchange.end();
    }
  }

  /** A reset, the writes that it fails and the end of the stream are one end: the first counts. */
  private boolean isFirstEnd() {
    boolean first = !ended && !(requestEnded && responseEnded);
    ended = true;
    return first;
  }
}
