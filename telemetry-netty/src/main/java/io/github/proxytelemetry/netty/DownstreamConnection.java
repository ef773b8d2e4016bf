package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.DownstreamObservation;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/**
 * State of a client's connection that the handlers in its pipeline share. An interface, so that the
 * first of these handlers is the state as well: an object of its own would be 40 bytes for each
 * idle connection.
 */
interface DownstreamConnection {
  WarningLog log();

  /** The connection's observation, which is started by the first call. */
  DownstreamObservation observation(ChannelHandlerContext ctx);

  /** Whether requests arrive over TLS. */
  boolean isSecure();

  /** Requests arrive over TLS if there is a TLS handler by now. */
  void setSecure(ChannelPipeline pipeline);

  /** An upgrade to HTTP/2 was agreed on, so its codec will be added. */
  void expectHttp2();

  /**
   * Defers the end of the connection until {@link #release}; called on its event loop. A back end
   * ends a tunnel together with its connection. So the connection ends only after its tunnels have,
   * whose last bytes may still be on their way to an upstream.
   */
  void retain();

  /** Undoes one {@link #retain}, or the channel's own reference; called on any thread. */
  void release();
}
