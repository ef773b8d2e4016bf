package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Knows which origins may be reached, and dials them: a connection a request. */
final class OriginConnector implements AutoCloseable {
  private final NettyTelemetry telemetry;
  private final Set<String> blocked;
  private final Duration timeout;
  private final DnsAddressResolverGroup resolver;

  /** What this proxy writes in {@code Via}: its own, so that a request that comes back is known. */
  private final String via =
      "1.1 forward-proxy-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());

  OriginConnector(NettyTelemetry telemetry, Set<String> blocked, Duration timeout) {
    this.telemetry = telemetry;
    this.blocked = blocked;
    this.timeout = timeout;
    this.resolver =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder()
                .datagramChannelType(NioDatagramChannel.class)
                .queryTimeoutMillis(timeout.toMillis()));
  }

  Duration timeout() {
    return timeout;
  }

  boolean isBlocked(Destination destination) {
    return blocked.contains(destination.host());
  }

  /** Whether the request has been here before. */
  boolean hasSent(HttpRequest request) {
    return request.headers().containsValue(HttpHeaderNames.VIA, via, true);
  }

  void addVia(HttpMessage message) {
    message.headers().add(HttpHeaderNames.VIA, via);
  }

  /** The request as it goes on to the origin: without what was meant for this proxy. */
  HttpRequest onwards(HttpRequest request, Destination destination) {
    HttpRequest onwards =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1, request.method(), destination.path(), request.headers().copy());
    HopByHop.remove(onwards);
    onwards
        .headers()
        .set(HttpHeaderNames.HOST, destination.authority())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    addVia(onwards);
    return onwards;
  }

  ChannelFuture forward(
      Channel client,
      Destination destination,
      ExchangeObservation exchange,
      OriginHandler handler) {
    return dial(client, destination, exchange, new HttpClientCodec(), handler);
  }

  ChannelFuture openTunnel(Channel client, Destination destination, ExchangeObservation exchange) {
    return dial(client, destination, exchange, new TunnelHandler(client));
  }

  @Override
  public void close() {
    resolver.close();
  }

  private ChannelFuture dial(
      Channel client,
      Destination destination,
      ExchangeObservation exchange,
      ChannelHandler... handlers) {
    // telemetry: one attempt at one upstream
    AttemptObservation attempt =
        exchange.startAttempt(Upstream.of(destination.host(), destination.port()));
    return new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .resolver(resolver)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel upstream) {
                upstream.pipeline().addLast(handlers);
                telemetry.installUpstream(upstream.pipeline(), attempt); // telemetry
              }
            })
        .connect(destination.host(), destination.port());
  }
}
