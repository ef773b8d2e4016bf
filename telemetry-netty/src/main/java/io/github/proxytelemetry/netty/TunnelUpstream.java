package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.TunnelObservation;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
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

  /** Starts to count what is written on the channel. */
  void install() {
    runOnLoop(this::installWrites);
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

  private synchronized void writtenEarly(long bytes) {
    TunnelObservation opened = tunnel;
    if (opened == null) {
      early += bytes;
    } else {
      opened.bytesToUpstream(bytes);
    }
  }

  /** Without TLS the connection's handler counts to the byte; behind TLS, whole writes count. */
  private void installWrites() {
    ChannelPipeline pipeline = upstream.pipeline();
    UpstreamConnectionHandler connection = pipeline.get(UpstreamConnectionHandler.class);
    ChannelHandlerContext tls = innermostTls(pipeline);
    if (!upstream.isOpen()) {
      return;
    }
    if (connection != null && tls == null) {
      connection.bindTunnel(this);
      writes = connection;
      return;
    }
    TunnelWriteHandler handler = new TunnelWriteHandler(this);
    if (tls == null) {
      pipeline.addFirst(handler);
    } else {
      pipeline.addAfter(tls.name(), null, handler);
    }
    writes = handler;
  }

  private static @Nullable ChannelHandlerContext innermostTls(ChannelPipeline pipeline) {
    ChannelHandler innermost = null;
    for (Map.Entry<String, ChannelHandler> handler : pipeline) {
      innermost = handler.getValue() instanceof SslHandler tls ? tls : innermost;
    }
    return innermost == null ? null : pipeline.context(innermost);
  }

  /** Returns false if the event loop has stopped. */
  private boolean runOnLoop(Runnable task) {
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
}
