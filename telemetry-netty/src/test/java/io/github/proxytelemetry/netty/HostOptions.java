package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.testing.ProxySettings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Options of a {@link NettyProxyHost}. Times are in milliseconds; 0 means no limit. */
record HostOptions(
    @Nullable InetSocketAddress origin,
    long upstreamTimeout,
    long totalTimeout,
    long tunnelIdleTimeout,
    int retries,
    boolean hedged,
    boolean pooled,
    @Nullable SSLContext upstreamTls,
    boolean upstreamHttp2,
    @Nullable InetSocketAddress nextProxy,
    @Nullable Supplier<ChannelHandler> inFront,
    @Nullable Supplier<ChannelHandler> tls,
    Runnable handlerWork) {

  static HostOptions plain(
      @Nullable InetSocketAddress origin,
      long upstreamTimeout,
      @Nullable Supplier<ChannelHandler> tls) {
    return new HostOptions(
        origin, upstreamTimeout, 0, 0, 0, false, false, null, false, null, null, tls, () -> {});
  }

  /** Adds a handler for the first bytes of every connection. */
  HostOptions inFront(Supplier<ChannelHandler> decoder) {
    return new HostOptions(
        origin,
        upstreamTimeout,
        totalTimeout,
        tunnelIdleTimeout,
        retries,
        hedged,
        pooled,
        upstreamTls,
        upstreamHttp2,
        nextProxy,
        decoder,
        tls,
        handlerWork);
  }

  static HostOptions of(ProxySettings settings) {
    return new HostOptions(
        InetSocketAddress.createUnresolved(settings.originHost(), settings.originPort()),
        settings.upstreamTimeout().toMillis(),
        millis(settings.totalTimeout()),
        millis(settings.tunnelIdleTimeout()),
        settings.retries(),
        settings.hedged(),
        settings.pooled(),
        settings.upstreamTls(),
        settings.upstreamHttp2(),
        settings.nextProxy(),
        null,
        serverTls(settings.serverTls(), settings.handshakeTimeout()),
        settings.handlerWork());
  }

  /** Whether a request without content may be sent more than once. */
  boolean repeats() {
    return hedged || retries > 0;
  }

  @Nullable SslHandler upstreamTls(InetSocketAddress target) {
    if (upstreamTls == null) {
      return null;
    }
    SSLEngine engine = upstreamTls.createSSLEngine(target.getHostString(), target.getPort());
    engine.setUseClientMode(true);
    return new SslHandler(engine);
  }

  private static @Nullable Supplier<ChannelHandler> serverTls(
      @Nullable SSLContext context, @Nullable Duration handshakeTimeout) {
    if (context == null) {
      return null;
    }
    JdkSslContext tls =
        new JdkSslContext(
            context,
            false,
            null,
            IdentityCipherSuiteFilter.INSTANCE,
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1),
            ClientAuth.NONE,
            null,
            false);
    return () -> {
      SslHandler handler = tls.newHandler(ByteBufAllocator.DEFAULT);
      if (handshakeTimeout != null) {
        handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
      }
      return handler;
    };
  }

  private static long millis(@Nullable Duration duration) {
    return duration == null ? 0 : duration.toMillis();
  }
}
