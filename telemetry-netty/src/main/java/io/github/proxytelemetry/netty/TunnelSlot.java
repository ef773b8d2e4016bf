package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.TunnelObservation;
import org.jspecify.annotations.Nullable;

/** Tunnel that a client's connection has become, with what is known of it before it opens. */
final class TunnelSlot {
  /** The open tunnel, if there is one. Each message asks for it; only this class sets it. */
  @Nullable ServerTunnel current;

  private @Nullable TunnelUpstream upstream;
  private long early;

  /** Binds the current tunnel, or the next one, to the channel that its bytes are relayed to. */
  void bind(TunnelUpstream bound) {
    if (current == null) {
      upstream = bound;
    } else {
      current.bind(bound);
    }
  }

  /** Bytes were read from the client before the tunnel is open. */
  void readEarly(long bytes) {
    early += bytes;
  }

  ServerTunnel open(TunnelObservation observation) {
    ServerTunnel opened = new ServerTunnel(observation, early, upstream);
    current = opened;
    return opened;
  }

  /** The response opens no tunnel. */
  void reset() {
    upstream = null;
    early = 0;
  }

  /** The connection is no tunnel any more. */
  void close() {
    if (current != null) {
      current.end(null);
      current = null;
    }
    reset();
  }
}
