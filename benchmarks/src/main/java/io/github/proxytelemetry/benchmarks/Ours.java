package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Proxy Telemetry, with what a host calls besides. */
final class Ours extends Instrumentation {
  private static final Upstream ORIGIN = Upstream.named("origin", "origin.test", 8080);

  private final NettyTelemetry netty;
  private final @Nullable Sdk sdk;
  private final boolean traces;

  /**
   * @param sdk what it records into; {@code null} where it is off
   */
  Ours(ProxyTelemetry telemetry, @Nullable Sdk sdk, boolean traces) {
    this.netty = NettyTelemetry.create(telemetry);
    this.sdk = sdk;
    this.traces = traces;
  }

  @Override
  void installServer(ChannelPipeline pipeline) {
    netty.installServer(pipeline);
  }

  @Override
  void installHttp2(ChannelPipeline connection) {
    netty.installServer(connection);
  }

  @Override
  void installUpstream(ChannelPipeline pipeline) {
    netty.installUpstream(pipeline, ORIGIN);
  }

  @Override
  void forward(Channel downstream, Channel upstream, Object request) {
    ExchangeObservation exchange = NettyTelemetry.exchange(downstream);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    netty.bind(upstream, attempt);
    super.forward(downstream, upstream, request);
  }

  @Override
  void installTunnel(Channel downstream, ChannelPipeline upstream) {
    netty.installUpstream(upstream, NettyTelemetry.exchange(downstream).startAttempt(ORIGIN));
  }

  @Override
  void bindTunnel(Channel downstream, Channel upstream) {
    netty.bindTunnel(downstream, upstream);
  }

  @Override
  void verify(long requests, long forwarded, long tunnels) {
    if (sdk == null) {
      verifyUntouched();
      return;
    }
    require(count(sdk, Instrument.REQUESTS_TOTAL) == requests + tunnels, "requests");
    require(count(sdk, Instrument.ATTEMPTS_TOTAL) == forwarded + tunnels, "attempts");
    require(count(sdk, Instrument.TUNNEL_DURATION_SECONDS) == tunnels, "tunnels");
    require(count(sdk, Instrument.TUNNELS_ACTIVE) == 0, "tunnels that are open");
    require(count(sdk, Instrument.REQUESTS_IN_PROGRESS) == 0, "requests in progress");
    require(count(sdk, Instrument.CONNECTIONS_TOTAL) > 0, "connections");
    require(!traces || sdk.hasExportedSpans(), "spans");
  }

  @Override
  public void close() {
    if (sdk != null) {
      sdk.close();
    }
  }

  private void verifyUntouched() {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new HttpClientCodec());
    List<String> before = channel.pipeline().names();
    installServer(channel.pipeline());
    installUpstream(channel.pipeline());
    require(channel.pipeline().names().equals(before), "it is not off");
    channel.finishAndReleaseAll();
  }

  private static long count(Sdk sdk, Instrument instrument) {
    return sdk.count(name(instrument));
  }

  static String name(Instrument instrument) {
    return Objects.requireNonNull(MetricNaming.PRIVACY_PROXY.name(instrument));
  }
}
