package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;

/** Proxy Telemetry, with what a host calls besides. */
final class Ours extends Instrumentation {
  private static final Upstream ORIGIN = Upstream.named("origin", "origin.test", 8080);

  private final NettyTelemetry netty;
  private final Recorder recorder;

  Ours(Recorder recorder) {
    this.netty = NettyTelemetry.create(recorder.telemetry());
    this.recorder = recorder;
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
    if (recorder.sdk() == null) {
      verifyUntouched();
      return;
    }
    recorder.verify(requests + tunnels, forwarded + tunnels, tunnels);
    require(recorder.count(Instrument.CONNECTIONS_TOTAL) > 0, "connections");
  }

  @Override
  public void close() {
    recorder.close();
  }

  private void verifyUntouched() {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new HttpClientCodec());
    List<String> before = channel.pipeline().names();
    installServer(channel.pipeline());
    installUpstream(channel.pipeline());
    require(channel.pipeline().names().equals(before), "it is not off");
    channel.finishAndReleaseAll();
  }
}
