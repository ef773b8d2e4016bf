package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Side that ended a client's connection, and with it the tunnel that the connection has become. A
 * host also closes a connection because the client has left, so the first sign counts.
 */
final class DisconnectCause {
  private @Nullable ServerTunnel tunnel;
  private boolean inputClosed;
  private boolean closedByHost;
  private @Nullable Throwable clientFailure;
  private @Nullable TimeoutException timeout;

  /** The connection has become a tunnel, or is none any more. */
  void setTunnel(@Nullable ServerTunnel opened) {
    tunnel = opened;
  }

  /** Whether an event shows which side closed its direction of the connection. */
  static boolean isShownBy(Object event) {
    return event instanceof ChannelInputShutdownEvent
        || event instanceof ChannelOutputShutdownEvent;
  }

  /** Evaluates an event: either side may have closed its direction of the connection. */
  void userEventTriggered(Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
      closeTunnel(Side.DOWNSTREAM);
    } else if (event instanceof ChannelOutputShutdownEvent) {
      closeTunnel(Side.UPSTREAM);
    }
  }

  /** An exception passes on its way to the host, which may close the connection for it. */
  void exceptionCaught(Throwable cause) {
    if (cause instanceof IOException && clientFailure == null && !closedByHost) {
      clientFailure = cause;
    } else if (cause instanceof TimeoutException expired && clientFailure == null) {
      // The handler that fires it closes the connection next, maybe nearer to the socket.
      timeout = expired;
      closing();
    }
  }

  /** The host closes the connection. */
  void closing() {
    if (clientFailure == null && !inputClosed && !closedByHost) {
      closedByHost = true;
      closeTunnel(Side.UPSTREAM);
    }
  }

  /** The connection was closed. */
  void closed() {
    if (!closedByHost) {
      closeTunnel(Side.DOWNSTREAM);
    }
  }

  /** No more bytes will pass the tunnel. */
  void endTunnel() {
    if (tunnel != null) {
      tunnel.end(clientFailure);
    }
  }

  boolean isClosedByHost() {
    return closedByHost;
  }

  @Nullable Throwable clientFailure() {
    return clientFailure;
  }

  /** Fails an exchange whose response will not be complete. */
  void fail(ExchangeObservation exchange, @Nullable Throwable cause) {
    if (closedByHost && timeout != null) {
      exchange.fail(Side.PROXY, NettyErrors.classify(timeout), timeout);
    } else if (closedByHost) {
      exchange.fail(Side.PROXY, ProxyError.CONNECTION_TERMINATED, cause);
    } else {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, cause);
    }
  }

  private void closeTunnel(Side side) {
    if (tunnel != null) {
      tunnel.closedBy(side);
    }
  }
}
