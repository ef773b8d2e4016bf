package io.github.proxytelemetry.hosts.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;

/** Handlers of requests, and the connections to the origin that they dial. */
@SuppressWarnings("FutureReturnValueIgnored") // The listener is the result.
record Relays(NettyTelemetry netty, Upstream origin, ChannelGroup open) {
  /** Returns a handler for a client's connection, or for a stream of HTTP/2. */
  RelayHandler handler() {
    return new RelayHandler(this);
  }

  void dial(Channel client, ExchangeObservation exchange, OriginHandler handler) {
    AttemptObservation attempt = exchange.startAttempt(origin);
    ChannelFuture connected =
        new Bootstrap()
            .group(client.eventLoop())
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel upstream) {
                    open.add(upstream);
                    upstream.pipeline().addLast(new HttpClientCodec(), handler);
                    netty.installUpstream(upstream.pipeline(), attempt);
                  }
                })
            .connect(origin.host(), origin.port());
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            handler.fail(done.cause());
          }
        });
  }
}
