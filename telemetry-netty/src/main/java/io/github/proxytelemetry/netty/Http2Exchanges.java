package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Exchanges on the HTTP/2 streams of one client's connection. Names no class of the codec. */
interface Http2Exchanges {
  /** The exchange of a stream's channel; for any other channel the one read last. */
  ExchangeObservation exchange(Channel channel);

  /** The tunnel that a stream has become, if any. */
  @Nullable ServerTunnel tunnel(Channel stream);

  /** Binds a stream's tunnel to the channel that its bytes are relayed to, if it is observed. */
  boolean bindTunnel(Channel stream, TunnelUpstream upstream);
}
