package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.examples.common.Listener;
import io.github.proxytelemetry.examples.common.ProxyServer;
import io.github.proxytelemetry.examples.common.RunningProxy;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.otel.Layers;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A gateway in front of HTTP/1.1 servers that are all alike, for HTTP/1.1 and HTTP/2. */
public final class ReverseProxy implements ProxyServer {
  private final NettyTelemetry netty;
  private final Upstreams upstreams;
  private final Protocols protocols;
  private final Listener listener;

  private ReverseProxy(GatewayOptions options, ProxyTelemetry telemetry) {
    this.netty = NettyTelemetry.create(telemetry); // telemetry
    this.upstreams = new Upstreams(netty, options);
    this.protocols = Protocols.create(options, upstreams);
    this.listener = new Listener(options.listen(), this::initialize);
  }

  /**
   * Starts one with its telemetry.
   *
   * @throws IllegalArgumentException if an option makes no sense
   * @throws IOException if the port for clients is taken
   * @throws IllegalStateException if the port for Prometheus is taken
   */
  public static RunningProxy start(GatewayOptions options)
      throws IOException, InterruptedException {
    // telemetry: named by OpenTelemetry's conventions, with durations and sizes of whole requests
    return RunningProxy.start(
        options
            .telemetry()
            .builder()
            .recording(
                recording ->
                    recording
                        .naming(MetricNaming.SEMCONV)
                        .layers(Layers.builder().metrics(Group.GLOBAL).build()))
            .build(),
        telemetry -> new ReverseProxy(options, telemetry));
  }

  private void initialize(Channel client) {
    protocols.addTo(client);
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
    upstreams.close();
    listener.close();
  }
}
