package io.github.proxytelemetry.netty;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Extension of Netty's bootstraps that calls {@link NettyTelemetry#installServer} for a host whose
 * {@code initChannel} belongs to a framework.
 *
 * <p>Netty finds it as a service if the system property {@value
 * ChannelInitializerExtension#EXTENSIONS_SYSTEM_PROPERTY} is {@code serviceload} before the first
 * server is bound. It then waits for {@link #observe}.
 */
public final class NettyTelemetryExtension extends ChannelInitializerExtension {
  private static volatile @Nullable Target target;

  private record Target(NettyTelemetry telemetry, Predicate<? super Channel> accepted) {}

  /** For {@link java.util.ServiceLoader}. */
  public NettyTelemetryExtension() {}

  /**
   * Observes the connections that any server of the process accepts from now on. A further call
   * replaces the previous one.
   *
   * @param telemetry the adapter
   * @param accepted whether to observe an accepted channel, by its local address for example; it is
   *     not registered yet, and has no handlers of the host; if it throws, the channel is not
   *     observed, which is logged once
   */
  public static void observe(NettyTelemetry telemetry, Predicate<? super Channel> accepted) {
    target =
        new Target(
            Objects.requireNonNull(telemetry, "telemetry"),
            Objects.requireNonNull(accepted, "accepted"));
  }

  /** Called by Netty for each accepted channel. */
  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    Target observed = target;
    if (observed != null && accepts(observed, channel)) {
      observed.telemetry.installServer(channel.pipeline());
    }
  }

  /** Netty catches an Exception here, but with an Error it would never register the channel. */
  private static boolean accepts(Target observed, Channel channel) {
    try {
      return observed.accepted.test(channel);
    } catch (Throwable thrown) {
      observed.telemetry.notAccepted(thrown);
      return false;
    }
  }
}
