package io.github.proxytelemetry.netty.bootstrap;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Extension of Netty's bootstraps that adds handlers to the channels that servers of the process
 * accept.
 *
 * <p>{@link java.util.ServiceLoader} needs a public class, so it has a package of its own, which is
 * not exported.
 */
public final class ServerExtension extends ChannelInitializerExtension {
  private static volatile @Nullable Target target;

  private record Target(
      Predicate<? super Channel> accepted,
      Consumer<? super Channel> installer,
      Consumer<Throwable> log) {}

  /** For {@link java.util.ServiceLoader}. */
  public ServerExtension() {}

  /**
   * Sets which channels get handlers, and what adds them, in place of what was set before.
   *
   * @param log what the predicate throws; the channel then gets none
   */
  public static void observe(
      Predicate<? super Channel> accepted,
      Consumer<? super Channel> installer,
      Consumer<Throwable> log) {
    target = new Target(accepted, installer, log);
  }

  /** Called by Netty for each accepted channel. */
  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    Target observed = target;
    if (observed != null && accepts(observed, channel)) {
      observed.installer.accept(channel);
    }
  }

  /** Netty catches an Exception here, but with an Error it would never register the channel. */
  private static boolean accepts(Target observed, Channel channel) {
    try {
      return observed.accepted.test(channel);
    } catch (Throwable thrown) {
      observed.log.accept(thrown);
      return false;
    }
  }
}
