package io.github.proxytelemetry.hosts.littleproxy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AttributeKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.littleshoot.proxy.HttpFiltersAdapter;
import org.littleshoot.proxy.impl.ProxyUtils;

/** Filters of one request, which report its attempt. */
final class ObservedFilters extends HttpFiltersAdapter {
  /** LittleProxy keeps one connection to each server for each client connection. */
  private static final AttributeKey<Map<String, Channel>> SERVERS =
      AttributeKey.valueOf(ObservedFilters.class, "servers");

  /** Where requests without a host in their target go: those in a tunnel that is intercepted. */
  private static final AttributeKey<String> TUNNEL =
      AttributeKey.valueOf(ObservedFilters.class, "tunnel");

  private final NettyTelemetry netty;
  private final Channel client;
  private final ExchangeObservation exchange;
  private final String server;

  /** Attempt that waits for its connection. */
  private @Nullable AttemptObservation attempt;

  ObservedFilters(NettyTelemetry netty, HttpRequest request, ChannelHandlerContext client) {
    super(request, client);
    this.netty = netty;
    this.client = client.channel();
    this.exchange = NettyTelemetry.exchange(client.channel());
    this.server = server(request, this.client);
  }

  @Override
  public @Nullable HttpResponse proxyToServerRequest(HttpObject part) {
    // No callback would tell when the connection of a tunnel is usable.
    if (part instanceof HttpRequest request && !request.method().equals(HttpMethod.CONNECT)) {
      AttemptObservation started = exchange.startAttempt(upstream());
      Channel known = servers().get(server);
      if (known != null && known.isActive()) {
        netty.bind(known, started);
      } else {
        attempt = started;
      }
    }
    return null;
  }

  @Override
  public void proxyToServerConnectionSucceeded(ChannelHandlerContext connection) {
    netty.installUpstream(connection.pipeline(), upstream());
    servers().put(server, connection.channel());
    if (attempt != null) {
      netty.bind(connection.channel(), attempt);
      attempt = null;
    }
  }

  @Override
  public void proxyToServerConnectionFailed() {
    failed(ProxyError.CONNECTION_REFUSED);
  }

  @Override
  public void proxyToServerResolutionFailed(String hostAndPort) {
    failed(ProxyError.DNS_ERROR);
  }

  private void failed(ProxyError error) {
    exchange.note(Side.UPSTREAM, error, null);
    if (attempt != null) {
      attempt.fail(Side.UPSTREAM, error, null);
      attempt = null;
    }
  }

  private static String server(HttpRequest request, Channel client) {
    String server = ProxyUtils.parseHostAndPort(request);
    if (request.method().equals(HttpMethod.CONNECT)) {
      client.attr(TUNNEL).set(server);
    }
    String tunnel = client.attr(TUNNEL).get();
    return server.isEmpty() && tunnel != null ? tunnel : server;
  }

  private Upstream upstream() {
    int colon = server.lastIndexOf(':');
    return colon < 0
        ? Upstream.of(server, 80)
        : Upstream.of(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
  }

  private Map<String, Channel> servers() {
    client.attr(SERVERS).setIfAbsent(new HashMap<>());
    return client.attr(SERVERS).get();
  }
}
