package io.github.proxytelemetry.benchmarks;

import io.netty.channel.ChannelPipeline;
import io.opentelemetry.instrumentation.netty.v4_1.NettyClientTelemetry;
import io.opentelemetry.instrumentation.netty.v4_1.NettyServerTelemetry;

/** OpenTelemetry's own instrumentation of Netty. */
final class Peer extends Instrumentation {
  private final Sdk sdk;
  private final boolean traces;
  private final NettyServerTelemetry server;
  private final NettyClientTelemetry client;

  Peer(Sdk sdk, boolean traces) {
    this.sdk = sdk;
    this.traces = traces;
    this.server = NettyServerTelemetry.create(sdk.openTelemetry());
    this.client = NettyClientTelemetry.create(sdk.openTelemetry());
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
    require(sdk.count("http.server.request.duration") == requests + tunnels, "requests");
    require(sdk.count("http.client.request.duration") == forwarded, "client requests");
    require(!traces || sdk.hasExportedSpans(), "spans");
  }

  @Override
  public void close() {
    sdk.close();
  }
}
