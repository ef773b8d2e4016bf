package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;

/** What observes the channels of a benchmark. This one is none: the bare pipeline. */
class Instrumentation implements AutoCloseable {
  private static final Duration LONG = Duration.ofHours(1);

  /** Of every mode, the peer's too: the same work on the same kind of SDK. */
  static Instrumentation start(String mode) {
    return switch (mode) {
      case "none", "control" -> new Instrumentation();
      case "off" -> new Ours(ProxyTelemetry.noop(), null, false);
      case "metrics" -> ours(OwnSdk.metricsOnly(), false);
      case "ratio1" -> ours(OwnSdk.tracing(Sampling.ratio(0.01)), true);
      case "unsampled" -> ours(OwnSdk.tracing(Sampling.never()), false);
      case "late" -> ours(OwnSdk.tracing(Sampling.never().keepErrorsAndSlow(LONG)), false);
      case "all" -> ours(OwnSdk.tracing(Sampling.always()), true);
      case "layers" -> ours(OwnSdk.layers(Sampling.ratio(0.01)), true);
      case "hostRatio1" -> ours(new HostSdk(0.01));
      case "ratio100" -> ours(new HostSdk(1));
      case "peerMetrics" -> new Peer(OwnSdk.metricsOnly(), false);
      case "peerRatio1" -> new Peer(new HostSdk(0.01), true);
      case "peerRatio100" -> new Peer(new HostSdk(1), true);
      default -> throw new IllegalArgumentException("mode: was \"" + mode + '"');
    };
  }

  void installServer(ChannelPipeline pipeline) {}

  /** Into the connection of HTTP/2, behind its frame codec. */
  void installHttp2(ChannelPipeline connection) {}

  /** Into a stream of HTTP/2, behind the codec that makes messages of frames. */
  void installStream(ChannelPipeline stream) {}

  void installUpstream(ChannelPipeline pipeline) {}

  /** A request that was read from a client goes upstream. */
  @SuppressWarnings("FutureReturnValueIgnored") // The response shows that it arrived.
  void forward(Channel downstream, Channel upstream, Object request) {
    upstream.writeAndFlush(request);
  }

  /** Into the channel that is dialled for a {@code CONNECT}, which has no codec. */
  void installTunnel(Channel downstream, ChannelPipeline upstream) {}

  /** That channel is connected, and the client is about to be told. */
  void bindTunnel(Channel downstream, Channel upstream) {}

  /**
   * Fails unless exactly so much was recorded, and spans where there are to be some.
   *
   * @param requests without those that opened a tunnel
   * @param forwarded how many of them went upstream
   * @param tunnels how many were opened besides
   */
  void verify(long requests, long forwarded, long tunnels) {}

  @Override
  public void close() {}

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("The benchmark would measure nothing: " + what);
    }
  }

  private static Ours ours(OwnSdk sdk, boolean traces) {
    return new Ours(sdk.telemetry(), sdk, traces);
  }

  private static Ours ours(HostSdk sdk) {
    return new Ours(OtelProxyTelemetry.create(sdk.openTelemetry()), sdk, true);
  }
}
