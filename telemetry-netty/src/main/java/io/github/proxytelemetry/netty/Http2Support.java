package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Entry to the HTTP/2 part of the adapter. A host of HTTP/1.1 alone need not have Netty's codec for
 * HTTP/2, so this class names no class of it, and does nothing where it is absent.
 */
final class Http2Support {
  private static final AttributeKey<Http2Exchanges> KEY =
      AttributeKey.valueOf(Http2Support.class, "exchanges");

  /** Observes a client's connection if its pipeline has an HTTP/2 codec; returns whether it has. */
  static boolean installServer(ChannelPipeline pipeline, DownstreamConnection connection) {
    if (!OptionalDependencies.HTTP2) {
      return false;
    }
    Http2Exchanges exchanges = Http2Installer.server(pipeline, connection);
    if (exchanges != null) {
      pipeline.channel().attr(KEY).set(exchanges);
    }
    return exchanges != null;
  }

  /** Observes a connection to an upstream if its pipeline has an HTTP/2 codec. */
  static @Nullable ConnectionListener installUpstream(
      ChannelPipeline pipeline, UpstreamConnection connection) {
    return OptionalDependencies.HTTP2 ? Http2Installer.upstream(pipeline, connection) : null;
  }

  /** The connection of a stream's channel; {@code null} for any other channel. */
  static @Nullable Channel connectionOf(Channel channel) {
    return OptionalDependencies.HTTP2 ? Http2Installer.connectionOf(channel) : null;
  }

  /** Binds the request on a stream to an attempt; returns whether the channel is such a stream. */
  static boolean bind(Channel stream, AttemptObservation attempt) {
    return OptionalDependencies.HTTP2 && Http2Installer.bind(stream, attempt);
  }

  static ExchangeObservation exchange(Channel channel) {
    Http2Exchanges exchanges = exchanges(channel);
    if (exchanges == null && channel.parent() != null) {
      exchanges = exchanges(channel.parent());
    }
    return exchanges == null ? Noop.EXCHANGE : exchanges.exchange(channel);
  }

  static @Nullable ServerTunnel tunnel(Channel channel) {
    Http2Exchanges exchanges = channel.parent() == null ? null : exchanges(channel.parent());
    return exchanges == null ? null : exchanges.tunnel(channel);
  }

  /** Binds the tunnel of a stream; returns whether the channel is that of an observed stream. */
  static boolean bindTunnel(Channel channel, TunnelUpstream upstream) {
    Http2Exchanges exchanges = channel.parent() == null ? null : exchanges(channel.parent());
    return exchanges != null && exchanges.bindTunnel(channel, upstream);
  }

  private static @Nullable Http2Exchanges exchanges(Channel channel) {
    return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
  }

  private Http2Support() {}
}
