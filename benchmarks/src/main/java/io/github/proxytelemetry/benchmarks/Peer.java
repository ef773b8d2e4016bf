package io.github.proxytelemetry.benchmarks;

import io.netty.channel.ChannelPipeline;
import io.opentelemetry.instrumentation.netty.v4_1.NettyClientTelemetry;
import io.opentelemetry.instrumentation.netty.v4_1.NettyServerTelemetry;

/** OpenTelemetry's own instrumentation of Netty. */
final class Peer extends Instrumentation {
  private final Recorder recorder;
  private final NettyServerTelemetry server;
  private final NettyClientTelemetry client;

  Peer(Recorder recorder) {
    this.recorder = recorder;
    this.server = NettyServerTelemetry.create(recorder.openTelemetry());
    this.client = NettyClientTelemetry.create(recorder.openTelemetry());
  }

  @Override
  void installServer(ChannelPipeline pipeline) {
    pipeline.addLast(server.createCombinedHandler());
  }

  /** It knows no frames, but takes a stream's messages for those of a connection. */
  @Override
  void installStream(ChannelPipeline stream) {
    installServer(stream);
  }

  @Override
  void installUpstream(ChannelPipeline pipeline) {
    pipeline.addLast(client.createCombinedHandler());
  }

  @Override
  void verify(long requests, long forwarded, long tunnels) {
    recorder.verifyPeer(requests + tunnels, forwarded);
  }

  @Override
  public void close() {
    recorder.close();
  }
}
