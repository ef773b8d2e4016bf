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
 * A request that came on a stream, and its response. Either may end first.
 *
 * <p>A response ends when its last frame has left, which flow control may delay for long.
 */
final class Http2Exchange extends StreamObserver {
  private final ExchangeObservation exchange;
  private final @Nullable TunnelKind wanted;
  private final Departure departure;
  private @Nullable ServerTunnel tunnel;
  private @Nullable TunnelOutlet outlet;
  private boolean started;
  private boolean lastWritten;
  private boolean requestEnded;
  private boolean responseEnded;
  private boolean ended;
  private boolean resetByHost;
  private boolean over;

  /**
   * @param wanted what a 2xx begins, if it begins a tunnel
   * @param departure how the connection comes to its end
   */
  Http2Exchange(ExchangeObservation exchange, @Nullable TunnelKind wanted, Departure departure) {
    this.exchange = exchange;
    this.wanted = wanted;
    this.departure = departure;
  }

  ExchangeObservation exchange() {
    return exchange;
  }

  @Nullable ServerTunnel tunnel() {
    return tunnel;
  }

  /** What comes out of the tunnel, which is there or is to come, leaves at this place. */
  void bindTunnel(TunnelOutlet place) {
    if (tunnel == null) {
      outlet = place;
    } else {
      tunnel.bind(place);
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
  ChannelPromise headersWritten(Http2Head head, ChannelPromise promise) {
    int status = tunnel == null ? head.status() : 0;
    if (status >= 100 && status < 200) {
      exchange.informational(status);
      return promise;
    }
    if (status > 0) {
      started = true;
      exchange.responseStarted(status, head, Http2Head.ACCESS);
      if (wanted != null && status >= 200 && status < 300) {
        tunnel = new ServerTunnel(exchange.startTunnel(wanted), 0, outlet);
      }
    }
    return dataWritten(0, head.isLast(), promise);
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
      // No status was written that is one, so nothing that follows is a response.
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

  /** The last frame of the response has left, or never will. */
  @Override
  public void operationComplete(ChannelFuture future) {
    Throwable cause = future.cause();
    if (cause == null) {
      responseEnded = true;
      exchange.responseEnd();
      if (over) {
        end();
      }
    } else if (cause instanceof IOException || cause instanceof Http2Exception) {
      interrupted(cause);
    } else {
      fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
    }
  }

  /** The host gives the stream up, or wants no more of an upload that it has answered already. */
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
    over = true;
    if (tunnel != null) {
      tunnel.endWhenWritten();
    } else if (responseEnded) {
      // Nothing is missing but the rest of an upload.
      end();
    } else if (!lastWritten) {
      interrupted(departure.clientFailure());
    }
  }

  @Override
  void connectionGone() {
    over = true;
    if (tunnel != null) {
      tunnel.closedBy(departure.isClosedByHost() ? Side.UPSTREAM : Side.DOWNSTREAM);
      tunnel.end(departure.clientFailure());
    } else if (responseEnded) {
      end();
    } else {
      interrupted(departure.clientFailure());
    }
  }

  @Override
  void forgotten() {
    if (tunnel != null) {
      tunnel.end(null);
    } else {
      end();
    }
  }

  private void interrupted(@Nullable Throwable cause) {
    if (resetByHost) {
      fail(Side.PROXY, ProxyError.CONNECTION_TERMINATED, cause);
    } else if (isEndNew()) {
      departure.interrupted(exchange, cause);
    }
  }

  private void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (isEndNew()) {
      exchange.fail(side, error, cause);
    }
  }

  private void end() {
    if (isEndNew()) {
      exchange.end();
    }
  }

  /** A reset, what it does to writes, and the stream's end all tell of the same. */
  private boolean isEndNew() {
    boolean first = !ended && !(requestEnded && responseEnded);
    ended = true;
    return first;
  }
}
