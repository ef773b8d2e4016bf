package io.github.proxytelemetry.netty;

import io.netty.channel.EventLoopGroup;

/** Event loops that Netty 4.1 and 4.2 both have. */
final class Loops {
  @SuppressWarnings("deprecation") // What replaces it came with 4.2.
  static EventLoopGroup create(int threads) {
    return new io.netty.channel.nio.NioEventLoopGroup(threads);
  }

  private Loops() {}
}
