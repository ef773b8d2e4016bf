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
 * Where a tunnel's bytes leave for the upstream: there they are counted when the network has taken
 * them.
 *
 * <p>A host may write them before its answer opens the tunnel, and have both channels on different
 * event loops. The tunnel's end, and with it that of the client's connection, waits for what is
 * still on its way.
 */
final class TunnelOutlet {
  private static final TunnelObservation CLOSED = new TunnelObservation() {};

  private final ServerConnectionHandler client;
  private final Channel upstream;
  private volatile @Nullable TunnelObservation tunnel;
  private long early;
  // The rest belongs to the upstream's event loop.
  private @Nullable Place place;
  private @Nullable Runnable ending;

  /** What sees the writes. */
  interface Place {
    boolean isWaiting();
  }

  TunnelOutlet(ServerConnectionHandler client, Channel upstream) {
    this.client = client;
    this.upstream = upstream;
  }

  /** Begins to look at what is written on the upstream's channel. */
  void install() {
    onLoop(this::findPlace);
  }

  /** The tunnel is open. */
  synchronized void open(TunnelObservation opened) {
    tunnel = opened;
    if (early > 0) {
      opened.bytesToUpstream(early);
    }
  }

  /** Whatever is written from here on says nothing. */
  void close() {
    tunnel = CLOSED;
  }

  /** The network has taken bytes. */
  void taken(long bytes) {
    TunnelObservation opened = tunnel;
    if (opened == null) {
      takenEarly(bytes);
    } else {
      opened.bytesToUpstream(bytes);
    }
  }

  /** Nothing is on its way any more. */
  void settled() {
    Runnable last = ending;
    if (last != null) {
      ending = null;
      last.run();
    }
  }

  /** Does what ends the tunnel, when nothing is on its way any more. */
  void whenSettled(Runnable end) {
    client.hold();
    Runnable last =
        () -> {
          end.run();
          client.release();
        };
    boolean looksAfterIt =
        onLoop(
            () -> {
              ending = last;
              if (place == null || !place.isWaiting()) {
                settled();
              }
            });
    if (!looksAfterIt) {
      // The loop has closed its channels before it stopped: nothing is on its way.
      last.run();
    }
  }

  private synchronized void takenEarly(long bytes) {
    TunnelObservation opened = tunnel;
    if (opened == null) {
      early += bytes;
    } else {
      opened.bytesToUpstream(bytes);
    }
  }

  /** Behind TLS; without it, in the first place, which knows to the byte what has left. */
  private void findPlace() {
    ChannelPipeline pipeline = upstream.pipeline();
    UpstreamConnectionHandler connection = pipeline.get(UpstreamConnectionHandler.class);
    ChannelHandlerContext tls = innermostTls(pipeline);
    if (!upstream.isOpen()) {
      return;
    }
    if (connection != null && tls == null) {
      connection.bindTunnel(this);
      place = connection;
      return;
    }
    TunnelWrites writes = new TunnelWrites(this);
    if (tls == null) {
      pipeline.addFirst(writes);
    } else {
      pipeline.addAfter(tls.name(), null, writes);
    }
    place = writes;
  }

  private static @Nullable ChannelHandlerContext innermostTls(ChannelPipeline pipeline) {
    ChannelHandler innermost = null;
    for (Map.Entry<String, ChannelHandler> handler : pipeline) {
      innermost = handler.getValue() instanceof SslHandler tls ? tls : innermost;
    }
    return innermost == null ? null : pipeline.context(innermost);
  }

  /** Tells whether the loop still runs. */
  private boolean onLoop(Runnable task) {
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
