package io.github.proxytelemetry.hosts.littleproxy;

import io.github.proxytelemetry.netty.NettyTelemetry;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicReference;

/** Netty creates the extension, through {@link java.util.ServiceLoader}. */
public final class ServerExtension extends ChannelInitializerExtension {
  // The adapter of the process; unset where telemetry is off.
  static final AtomicReference<NettyTelemetry> NETTY = new AtomicReference<>();

  // Runs for each accepted channel of each Netty server in the process.
  @Override
  public void postInitializeServerChildChannel(Channel client) {
    NettyTelemetry netty = NETTY.get();
    if (netty != null) {
      netty.installServer(client.pipeline());
    }
  }
}
