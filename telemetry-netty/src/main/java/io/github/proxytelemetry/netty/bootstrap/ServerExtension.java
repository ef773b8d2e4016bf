package io.github.proxytelemetry.netty.bootstrap;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Extension of Netty's bootstraps that is told of each channel that a server of the process
 * accepts.
 *
 * <p>{@link java.util.ServiceLoader} needs a public class, so it has a package of its own, which is
 * not exported.
 */
public final class ServerExtension extends ChannelInitializerExtension {
  private static volatile @Nullable Consumer<? super Channel> installer;

  /** For {@link java.util.ServiceLoader}. */
  public ServerExtension() {}

  /** Sets what installs handlers, in place of what was set before. */
  public static void install(Consumer<? super Channel> handlers) {
    installer = handlers;
  }

  /** Called by Netty for each accepted channel; Netty logs what the consumer throws. */
  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    Consumer<? super Channel> handlers = installer;
    if (handlers != null) {
      handlers.accept(channel);
    }
  }
}
