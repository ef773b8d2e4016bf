package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Provides a channel for each attempt: pooled, a stream of an open connection, or newly dialled.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamDialler {
  private final NettyProxyHost host;

  UpstreamDialler(NettyProxyHost host) {
    this.host = host;
  }

  /** Notifies the handler later, because the caller has not stored the attempt yet. */
  void connect(Channel client, InetSocketAddress to, AttemptObservation attempt, BackHandler back) {
    if (host.options.upstreamHttp2()) {
      if (host.streams.needsConnection(attempt, back)) {
        client.eventLoop().execute(() -> dial(client, to, attempt, back));
      }
      return;
    }
    Channel idle = host.options.pooled() ? host.pool.acquire(client.eventLoop()) : null;
    if (idle == null) {
      client.eventLoop().execute(() -> dial(client, to, attempt, back));
    } else {
      idle.pipeline().addLast(readTimeout(), back);
      host.telemetry.bind(idle, attempt);
      client.eventLoop().execute(() -> back.connected(idle, null));
    }
  }

  private void dial(
      Channel client, InetSocketAddress to, AttemptObservation attempt, BackHandler back) {
    Bootstrap dialler =
        host.dialler(
            client,
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel upstream) {
                host.own(upstream);
                fill(upstream.pipeline(), to, back);
                host.telemetry.installUpstream(upstream.pipeline(), attempt);
              }
            });
    if (host.options.nextProxy() != null) {
      dialler.resolver(NoopAddressResolverGroup.INSTANCE);
    }
    if (host.options.upstreamHttp2()) {
      host.streams.dial(dialler, to, attempt, back);
    } else {
      dialler
          .connect(to)
          .addListener(
              (ChannelFutureListener) future -> back.connected(future.channel(), future.cause()));
    }
  }

  private void fill(ChannelPipeline pipeline, InetSocketAddress to, BackHandler back) {
    if (host.options.nextProxy() != null) {
      pipeline.addLast(new HttpProxyHandler(host.options.nextProxy()));
    }
    SslHandler tls = host.options.upstreamTls(to);
    if (tls != null) {
      pipeline.addLast(tls);
    }
    if (host.options.upstreamHttp2()) {
      host.streams.fill(pipeline);
    } else {
      pipeline.addLast(new HttpClientCodec());
      pipeline.addLast(readTimeout());
      pipeline.addLast(back);
    }
  }

  private ReadTimeoutHandler readTimeout() {
    return new ReadTimeoutHandler(host.options.upstreamTimeout(), TimeUnit.MILLISECONDS);
  }
}
