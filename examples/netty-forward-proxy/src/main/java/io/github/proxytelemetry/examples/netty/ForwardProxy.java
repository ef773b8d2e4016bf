package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.examples.common.Listener;
import io.github.proxytelemetry.examples.common.ProxyServer;
import io.github.proxytelemetry.examples.common.RunningProxy;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A forward proxy for {@code CONNECT} and for absolute http URLs. */
public final class ForwardProxy implements ProxyServer {
  private final NettyTelemetry netty;
  private final OriginConnector origins;
  private final Listener listener;

  ForwardProxy(ProxyOptions options, ProxyTelemetry telemetry) {
    this.netty = NettyTelemetry.create(telemetry); // telemetry
    this.origins = new OriginConnector(netty, options.blocked(), options.timeout());
    this.listener = new Listener(options.listen(), this::initialize);
  }

  /**
   * Starts one with its telemetry.
   *
   * @throws IllegalArgumentException if an option makes no sense
   * @throws IOException if the port for clients is taken
   * @throws IllegalStateException if the port for Prometheus is taken
   */
  public static RunningProxy start(ProxyOptions options) throws IOException, InterruptedException {
    return start(options, options.telemetry().builder().build());
  }

  /**
   * Starts one with a telemetry that is closed with it.
   *
   * @throws IOException if the port for clients is taken
   */
  public static RunningProxy start(ProxyOptions options, ProxyTelemetrySdk telemetry)
      throws IOException, InterruptedException {
    return RunningProxy.start(telemetry, recorder -> new ForwardProxy(options, recorder));
  }

  private void initialize(Channel client) {
    client.pipeline().addLast(new HttpServerCodec()).addLast(new ClientHandler(origins));
    netty.installServer(client.pipeline()); // telemetry: the last line
  }

  @Override
  public void awaitStart() throws IOException, InterruptedException {
    listener.awaitStart();
  }

  @Override
  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
    origins.close();
  }
}
