package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.TunnelObservation;
import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Upstream channel of a tunnel, whose writes count when the network has taken them.
 *
 * <p>The host may write to it before the response opens the tunnel, and it may have another event
 * loop than the client. The end of the tunnel, and of the client's connection, waits for writes
 * that are not complete.
 */
final class TunnelUpstream {
  private final DownstreamConnection client;
  private final Channel upstream;
  private volatile @Nullable TunnelObservation tunnel;
  private long early;

  // Used only on the upstream's event loop.
  private @Nullable Writes writes;
  private @Nullable Runnable pendingEnd;

  /** Writes to the channel, as seen by the handler that counts them. */
  interface Writes {
    /** Whether any of them is incomplete. */
    boolean areWaiting();
  }

  TunnelUpstream(DownstreamConnection client, Channel upstream) {
    this.client = client;
    this.upstream = upstream;
  }

  Channel channel() {
    return upstream;
  }

  /** Sets the handler that counts the writes; called on the upstream's event loop. */
  void setWrites(Writes counted) {
    writes = counted;
  }

  /** The tunnel is open; bytes written before count now. */
  synchronized void open(TunnelObservation opened) {
    tunnel = opened;
    if (early > 0) {
      opened.bytesToUpstream(early);
    }
  }

  /** Bytes written from now on do not belong to the tunnel. */
  void close() {
    tunnel = Noop.TUNNEL;
  }

  /** The network has taken bytes. */
  void written(long bytes) {
    TunnelObservation opened = tunnel;
    if (opened == null) {
      writtenEarly(bytes);
    } else {
      opened.bytesToUpstream(bytes);
    }
  }

  /** No write is incomplete any more. */
  void settled() {
    Runnable end = pendingEnd;
    if (end != null) {
      pendingEnd = null;
      end.run();
    }
  }

  /** Runs a task once no write is incomplete; the client's connection does not end before. */
  void whenSettled(Runnable end) {
    client.retain();
    Runnable task =
        () -> {
          end.run();
          client.release();
        };
    boolean scheduled =
        runOnLoop(
            () -> {
              pendingEnd = task;
              if (writes == null || !writes.areWaiting()) {
                settled();
              }
            });
    if (!scheduled) {
      // A stopped event loop has closed its channels, so no write is incomplete.
      task.run();
    }
  }

  /** Runs a task on the upstream's event loop; returns false if that has stopped. */
  boolean runOnLoop(Runnable task) {
    if (upstream.eventLoop().inEventLoop()) {
      task.run();
      return true;
    }
    try {
      upstream.eventLoop().execute(task);
      return true;
    } catch (RejectedExecutionException stopped) {
      return false;
    }
  }

  private synchronized void writtenEarly(long bytes) {
    TunnelObservation opened = tunnel;
    if (opened == null) {
      early += bytes;
    } else {
      opened.bytesToUpstream(bytes);
    }
  }
}
