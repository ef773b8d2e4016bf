package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The proxies that a connection goes through, for hosts that have Netty's handlers for them. */
final class NextProxy {
  private static final boolean AVAILABLE = isAvailable();

  static boolean isIn(ChannelPipeline pipeline) {
    return AVAILABLE && Handlers.isIn(pipeline);
  }

  /** When the tunnel through it is there; {@code null} if the handler is not for a proxy. */
  static @Nullable Future<Channel> connectFuture(ChannelHandler handler) {
    return AVAILABLE ? Handlers.connectFuture(handler) : null;
  }

  private static boolean isAvailable() {
    try {
      return Handlers.isAvailable();
    } catch (NoClassDefFoundError absent) {
      return false;
    }
  }

  /** All that names a class of those handlers. */
  private static final class Handlers {
    static boolean isAvailable() {
      return ProxyHandler.class.getName() != null;
    }

    static boolean isIn(ChannelPipeline pipeline) {
      return pipeline.get(ProxyHandler.class) != null;
    }

    static @Nullable Future<Channel> connectFuture(ChannelHandler handler) {
      return handler instanceof ProxyHandler proxy ? proxy.connectFuture() : null;
    }
  }

  private NextProxy() {}
}
