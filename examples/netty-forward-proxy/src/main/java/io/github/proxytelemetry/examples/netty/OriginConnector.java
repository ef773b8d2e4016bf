package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.examples.common.HopByHop;
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
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.time.Duration;
import java.util.Set;

/** Knows which origins may be reached, and dials them: a connection a request. */
class OriginConnector implements AutoCloseable {
  private static final String VIA = "1.1 forward-proxy";

  private final NettyTelemetry telemetry;
  private final Set<String> blocked;
  private final Duration timeout;
  private final DnsAddressResolverGroup resolver;

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

  /** What goes through the tunnel leaves on that channel, and counts when it has left. */
  void bindTunnel(Channel client, Channel upstream) {
    telemetry.bindTunnel(client, upstream); // telemetry
  }

  /** An origin as telemetry knows it: without a name, since the client chose it. */
  Upstream upstream(Destination destination) {
    return Upstream.of(destination.host(), destination.port());
  }

  boolean isBlocked(Destination destination) {
    return blocked.contains(destination.host());
  }

  /** Says that the message went through here (RFC 9110, section 7.6.3). */
  static void addVia(HttpMessage message) {
    message.headers().add(HttpHeaderNames.VIA, VIA);
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

  /** Opens a connection, on the event loop of the client it is for. */
  ChannelFuture dial(
      Channel client,
      Destination destination,
      AttemptObservation attempt,
      ChannelHandler... handlers) {
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

  @Override
  public void close() {
    resolver.close();
  }
}
