package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Installation of the handler that counts writes to the upstream of a tunnel. */
final class TunnelInstaller {
  /** As {@link NettyTelemetry#bindTunnel}. */
  static void bind(Channel downstream, Channel upstream) {
    Channel connection = Http2Support.connectionOf(downstream);
    ServerConnectionHandler client =
        (connection == null ? downstream : connection)
            .pipeline()
            .get(ServerConnectionHandler.class);
    if (client == null) {
      return;
    }
    TunnelUpstream bound = new TunnelUpstream(client, upstream);
    HttpServerHandler handler = downstream.attr(HttpServerHandler.KEY).get();
    if (handler != null) {
      handler.tunnels().bind(bound);
      install(bound);
    } else if (Http2Support.bindTunnel(downstream, bound)) {
      install(bound);
    }
  }

  /** Starts to count what is written to the upstream's channel. */
  private static void install(TunnelUpstream tunnel) {
    tunnel.runOnLoop(() -> installWrites(tunnel));
  }

  /** Without TLS the connection's handler counts to the byte; behind TLS, whole writes count. */
  private static void installWrites(TunnelUpstream tunnel) {
    ChannelPipeline pipeline = tunnel.channel().pipeline();
    UpstreamConnectionHandler connection = pipeline.get(UpstreamConnectionHandler.class);
    ChannelHandlerContext tls = innermostTls(pipeline);
    if (!tunnel.channel().isOpen()) {
      return;
    }
    HttpClientHandler requests = tunnel.channel().attr(HttpClientHandler.KEY).get();
    if (requests != null) {
      requests.connectedOnly();
    }
    if (connection != null && tls == null) {
      connection.bindTunnel(tunnel);
      tunnel.setWrites(connection);
      return;
    }
    TunnelWriteHandler handler = new TunnelWriteHandler(tunnel);
    if (tls == null) {
      pipeline.addFirst(handler);
    } else {
      pipeline.addAfter(tls.name(), null, handler);
    }
    tunnel.setWrites(handler);
  }

  private static @Nullable ChannelHandlerContext innermostTls(ChannelPipeline pipeline) {
    ChannelHandler innermost = null;
    for (Map.Entry<String, ChannelHandler> handler : pipeline) {
      innermost = handler.getValue() instanceof SslHandler tls ? tls : innermost;
    }
    return innermost == null ? null : pipeline.context(innermost);
  }

  private TunnelInstaller() {}
}
