package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Netty's handlers for connecting through a proxy, if {@code netty-handler-proxy} is present. */
final class ProxyHandlers {
  static boolean isIn(ChannelPipeline pipeline) {
    return OptionalDependencies.PROXY_HANDLER && pipeline.get(ProxyHandler.class) != null;
  }

  /** Future of the proxy connection; {@code null} if the handler is not for a proxy. */
  static @Nullable Future<Channel> connectFuture(ChannelHandler handler) {
    return OptionalDependencies.PROXY_HANDLER && handler instanceof ProxyHandler proxy
        ? proxy.connectFuture()
        : null;
  }

  private ProxyHandlers() {}
}
