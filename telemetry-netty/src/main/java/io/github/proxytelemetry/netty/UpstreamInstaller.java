package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;

/** Installation of the handler of a connection to an upstream. */
final class UpstreamInstaller {
  /** Whether the channel is open and not that of an HTTP/2 stream. */
  static boolean isDialled(ChannelPipeline pipeline) {
    return pipeline.channel().isOpen() && Http2Support.connectionOf(pipeline.channel()) == null;
  }

  static void install(
      ChannelPipeline pipeline,
      ConnectionObservation connection,
      @Nullable AttemptObservation attempt,
      WarningLog log) {
    UpstreamConnectionHandler handler =
        new UpstreamConnectionHandler(new UpstreamConnection(connection, attempt, log));
    pipeline.addFirst(handler);
    handler.completeInstall(pipeline);
  }

  /** The handler that is installed, once it has found what was added meanwhile. */
  static @Nullable UpstreamConnectionHandler complete(ChannelPipeline pipeline) {
    UpstreamConnectionHandler handler = pipeline.get(UpstreamConnectionHandler.class);
    if (handler != null) {
      handler.completeInstall(pipeline);
    }
    return handler;
  }

  private UpstreamInstaller() {}
}
