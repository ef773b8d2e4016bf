package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * The only way to what is told of HTTP/2. A host that speaks HTTP/1.1 alone need not have Netty's
 * codec for HTTP/2, so nothing here names a class of it.
 */
final class Http2 {
  private static final AttributeKey<Streams> KEY = AttributeKey.valueOf(Http2.class, "streams");
  private static final boolean AVAILABLE = isAvailable();

  /** The exchanges on the streams of one connection. */
  interface Streams {
    /** That of a stream's channel; for any other channel the one whose request was read last. */
    ExchangeObservation exchange(Channel channel);

    /** What a stream has become, if it is a tunnel. */
    @Nullable ServerTunnel tunnel(Channel stream);

    /** Where what comes out of a stream's tunnel leaves. */
    void bindTunnel(Channel stream, TunnelOutlet outlet);
  }

  /** Observes the streams of a connection, if there is a codec for them; tells whether there is. */
  static boolean installServer(
      ChannelPipeline pipeline, ServerConnectionHandler connection, Misuse misuse) {
    if (!AVAILABLE) {
      return false;
    }
    Streams streams = Http2Install.server(pipeline, connection, misuse);
    if (streams != null) {
      pipeline.channel().attr(KEY).set(streams);
    }
    return streams != null;
  }

  /** Observes the streams of a connection, if there is a codec for them. */
  static @Nullable Requests installUpstream(
      ChannelPipeline pipeline,
      UpstreamConnectionHandler connection,
      @Nullable AttemptObservation attempt,
      Misuse misuse) {
    return AVAILABLE ? Http2Install.upstream(pipeline, connection, attempt, misuse) : null;
  }

  /** The connection of a stream's channel; {@code null} for any other channel. */
  static @Nullable Channel connectionOf(Channel channel) {
    return AVAILABLE ? Http2Install.connectionOf(channel) : null;
  }

  /** Tells whether the channel is that of a stream on an observed connection to an upstream. */
  static boolean bind(Channel stream, AttemptObservation attempt) {
    return AVAILABLE && Http2Install.bind(stream, attempt);
  }

  static ExchangeObservation exchange(Channel channel) {
    Streams streams = streams(channel);
    if (streams == null && channel.parent() != null) {
      streams = streams(channel.parent());
    }
    return streams == null ? HttpServerHandler.NONE : streams.exchange(channel);
  }

  static @Nullable ServerTunnel tunnel(Channel channel) {
    Streams streams = channel.parent() == null ? null : streams(channel.parent());
    return streams == null ? null : streams.tunnel(channel);
  }

  static void bindTunnel(Channel channel, TunnelOutlet outlet) {
    Streams streams = channel.parent() == null ? null : streams(channel.parent());
    if (streams != null) {
      streams.bindTunnel(channel, outlet);
    }
  }

  /** What an exception of the codec means, if it is one. */
  static @Nullable ProxyError classify(Throwable failure) {
    return AVAILABLE ? Http2Install.classify(failure) : null;
  }

  private static @Nullable Streams streams(Channel channel) {
    return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
  }

  private static boolean isAvailable() {
    try {
      return Http2Install.isAvailable();
    } catch (NoClassDefFoundError absent) {
      return false;
    }
  }

  private Http2() {}
}
