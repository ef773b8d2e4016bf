package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Tunnel that a client's connection or stream has become.
 *
 * <p>Bytes to the client count when their write succeeds; writes complete in order, so one listener
 * and a ring of sizes serve all. A void promise accepts no listener, so its bytes count at once.
 *
 * <p>Bytes from the client count when the upstream's channel has taken them, or as they are read
 * where that channel is not known.
 */
final class ServerTunnel implements ChannelFutureListener {
  private final TunnelObservation tunnel;
  private final LongRing pending = new LongRing();
  private @Nullable TunnelUpstream upstream;
  private boolean ending;
  private boolean over;

  /**
   * @param early bytes read from the client before the tunnel was open
   * @param upstream the channel that the client's bytes are relayed to, if known
   */
  ServerTunnel(TunnelObservation tunnel, long early, @Nullable TunnelUpstream upstream) {
    this.tunnel = tunnel;
    if (upstream != null) {
      bind(upstream);
    } else if (early > 0) {
      tunnel.bytesToUpstream(early);
    }
  }

  TunnelObservation observation() {
    return tunnel;
  }

  /** Sets the channel that the client's bytes are relayed to from now on. */
  void bind(TunnelUpstream bound) {
    if (upstream != null) {
      upstream.close();
    }
    upstream = bound;
    bound.open(tunnel);
  }

  void read(Object message) {
    if (upstream == null) {
      bytesRead(MessageSizes.inTunnel(message, true));
    }
  }

  void bytesRead(long bytes) {
    if (upstream == null && bytes > 0) {
      tunnel.bytesToUpstream(bytes);
    }
  }

  /** A message is about to be written; returns the promise to write it with. */
  ChannelPromise write(Object message, ChannelPromise promise) {
    return bytesWritten(MessageSizes.inTunnel(message, false), promise);
  }

  /** Bytes are about to be written; returns the promise to write them with. */
  ChannelPromise bytesWritten(long bytes, ChannelPromise promise) {
    if (bytes == 0) {
      return promise;
    }
    if (promise.isVoid()) {
      tunnel.bytesToDownstream(bytes);
      return promise;
    }
    pending.add(bytes);
    return Promises.listen(promise, this);
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    long bytes = pending.removeFirst();
    if (future.isSuccess()) {
      tunnel.bytesToDownstream(bytes);
    }
    if (ending && pending.size() == 0) {
      end(null);
    }
  }

  void closedBy(Side side) {
    tunnel.closedBy(side);
  }

  /** Ends the tunnel when the upstream has taken or lost every byte written to it. */
  void end(@Nullable Throwable clientFailure) {
    if (over) {
      return;
    }
    over = true;
    if (upstream == null) {
      finish(clientFailure);
    } else {
      upstream.whenSettled(() -> finish(clientFailure));
    }
  }

  /** Ends the tunnel when every write to the client has completed as well. */
  void endWhenWritten() {
    ending = true;
    if (pending.size() == 0) {
      end(null);
    }
  }

  void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (over) {
      return;
    }
    over = true;
    if (upstream != null) {
      upstream.close();
    }
    tunnel.fail(side, error, cause);
  }

  private void finish(@Nullable Throwable clientFailure) {
    if (upstream != null) {
      upstream.close();
    }
    if (clientFailure != null) {
      tunnel.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, clientFailure);
    } else {
      tunnel.end();
    }
  }
}
