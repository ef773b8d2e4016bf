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
 */
final class ServerTunnel implements ChannelFutureListener {
  private static final int INITIAL_CAPACITY = 8;

  private final TunnelObservation tunnel;

  // A power of two. Netty holds larger objects for the same writes, so it needs no bound of its
  // own.
  private long[] pending = new long[INITIAL_CAPACITY];
  private int first;
  private int size;
  private boolean ending;

  /**
   * @param early what came from the client before the tunnel was open
   */
  ServerTunnel(TunnelObservation tunnel, long early) {
    this.tunnel = tunnel;
    if (early > 0) {
      tunnel.bytesToUpstream(early);
    }
  }

  TunnelObservation observation() {
    return tunnel;
  }

  void read(Object message) {
    bytesRead(Sizes.inTunnel(message, true));
  }

  void bytesRead(long bytes) {
    if (bytes > 0) {
      tunnel.bytesToUpstream(bytes);
    }
  }

  void write(Object message, ChannelPromise promise) {
    bytesWritten(Sizes.inTunnel(message, false), promise);
  }

  void bytesWritten(long bytes, ChannelPromise promise) {
    if (bytes == 0) {
      return;
    }
    if (promise.isVoid()) {
      tunnel.bytesToDownstream(bytes);
    } else {
      add(bytes);
      promise.addListener(this);
    }
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    long bytes = pending[first];
    first = (first + 1) & (pending.length - 1);
    size--;
    if (future.isSuccess()) {
      tunnel.bytesToDownstream(bytes);
    }
    if (ending && size == 0) {
      tunnel.end();
    }
  }

  void closedBy(Side side) {
    tunnel.closedBy(side);
  }

  void end(@Nullable Throwable clientFailure) {
    if (clientFailure != null) {
      tunnel.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, clientFailure);
    } else {
      tunnel.end();
    }
  }

  /** Ends it when all that was written has been told. */
  void endWhenWritten() {
    ending = true;
    if (size == 0) {
      tunnel.end();
    }
  }

  void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    tunnel.fail(side, error, cause);
  }

  private void add(long bytes) {
    if (size == pending.length) {
      long[] larger = new long[2 * size];
      System.arraycopy(pending, first, larger, 0, size - first);
      System.arraycopy(pending, 0, larger, size - first, first);
      pending = larger;
      first = 0;
    }
    pending[(first + size++) & (pending.length - 1)] = bytes;
  }
}
