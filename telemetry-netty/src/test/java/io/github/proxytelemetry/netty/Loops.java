package io.github.proxytelemetry.netty;

import io.netty.channel.EventLoopGroup;

/** Event loop groups that exist in Netty 4.1 and 4.2. */
final class Loops {
  @SuppressWarnings("deprecation") // Its replacement is missing in 4.1.
  static EventLoopGroup create(int threads) {
    return new io.netty.channel.nio.NioEventLoopGroup(threads);
  }

  private Loops() {}
}
