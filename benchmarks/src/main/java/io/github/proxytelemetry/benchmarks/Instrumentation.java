package io.github.proxytelemetry.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;

/** What observes the channels of a benchmark. This one is none: the bare pipeline. */
class Instrumentation implements AutoCloseable {
  /** Of every mode, the peer's too. */
  static Instrumentation start(String mode) {
    Recorder recorder = Recorder.of(mode);
    if (mode.equals("none") || mode.equals("control")) {
      return new Instrumentation();
    }
    return mode.startsWith("peer") ? new Peer(recorder) : new Ours(recorder);
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
}
