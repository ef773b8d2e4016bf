package io.github.proxytelemetry.hosts.littleproxy;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import org.littleshoot.proxy.HttpFilters;
import org.littleshoot.proxy.HttpFiltersSourceAdapter;
import org.littleshoot.proxy.HttpProxyServerBootstrap;

/** The lines of {@code docs/hosts/littleproxy.md}. */
final class ObservedLittleProxy {
  private ObservedLittleProxy() {}

  static HttpProxyServerBootstrap observe(
      HttpProxyServerBootstrap proxy, ProxyTelemetry telemetry) {
    if (!telemetry.isEnabled()) {
      return proxy;
    }
    NettyTelemetry netty = NettyTelemetry.create(telemetry);
    netty.observeServers(client -> true);
    return proxy.withFiltersSource(
        new HttpFiltersSourceAdapter() {
          @Override
          public HttpFilters filterRequest(HttpRequest request, ChannelHandlerContext client) {
            return new ObservedFilters(netty, request, client);
          }
        });
  }
}
