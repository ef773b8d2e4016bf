package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a tunnel.
 *
 * <p>What goes to the client is counted when it has been handed to the network, in the order in
 * which it was written: a ring of sizes serves all writes. A void promise tells nothing, so there
 * it is counted as it is written.
 *
 * <p>What comes from the client is counted where it leaves for the upstream. Where that is not
 * known, it is counted as it is read.
 */
final class ServerTunnel implements ChannelFutureListener {
  private final TunnelObservation tunnel;
  private final LongRing pending = new LongRing();
  private @Nullable TunnelOutlet outlet;
  private boolean ending;
  private boolean over;

  /**
   * @param early what came from the client before the tunnel was open
   * @param outlet where it leaves, if that is known
   */
  ServerTunnel(TunnelObservation tunnel, long early, @Nullable TunnelOutlet outlet) {
    this.tunnel = tunnel;
    if (outlet != null) {
      bind(outlet);
    } else if (early > 0) {
      tunnel.bytesToUpstream(early);
    }
  }

  TunnelObservation observation() {
    return tunnel;
  }

  /** From here on it is known where what comes from the client leaves. */
  void bind(TunnelOutlet place) {
    if (outlet != null) {
      outlet.close();
    }
    outlet = place;
    place.open(tunnel);
  }

  void read(Object message) {
    if (outlet == null) {
      bytesRead(Sizes.inTunnel(message, true));
    }
  }

  void bytesRead(long bytes) {
    if (outlet == null && bytes > 0) {
      tunnel.bytesToUpstream(bytes);
    }
  }

  /** A message is about to be written; returns the promise to write it with. */
  ChannelPromise write(Object message, ChannelPromise promise) {
    return bytesWritten(Sizes.inTunnel(message, false), promise);
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

  /** Ends it when what is on its way to the upstream has arrived, or is lost. */
  void end(@Nullable Throwable clientFailure) {
    if (over) {
      return;
    }
    over = true;
    if (outlet == null) {
      finish(clientFailure);
    } else {
      outlet.whenSettled(() -> finish(clientFailure));
    }
  }

  /** Ends it when all that was written has been told. */
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
    if (outlet != null) {
      outlet.close();
    }
    tunnel.fail(side, error, cause);
  }

  private void finish(@Nullable Throwable clientFailure) {
    if (outlet != null) {
      outlet.close();
    }
    if (clientFailure != null) {
      tunnel.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, clientFailure);
    } else {
      tunnel.end();
    }
  }
}
