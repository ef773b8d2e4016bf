package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.PromiseNotifier;

/**
 * Listeners on promises that other handlers made.
 *
 * <p>A framework's own {@link ChannelPromise} may refuse listeners: reactor-netty's throw {@link
 * UnsupportedOperationException} and expect handlers to call {@link ChannelPromise#unvoid()} first.
 */
final class Promises {
  /**
   * Adds a listener to the result of an operation.
   *
   * @param promise the promise that the operation was called with
   * @return the promise to pass on in its place: usually the same, otherwise one that completes it
   */
  static ChannelPromise listen(ChannelPromise promise, ChannelFutureListener listener) {
    try {
      ChannelPromise open = promise.unvoid();
      open.addListener(listener);
      return open;
    } catch (RuntimeException unsupported) {
      ChannelPromise own = promise.channel().newPromise();
      own.addListener(listener);
      own.addListener(new PromiseNotifier<Void, ChannelFuture>(false, promise));
      return own;
    }
  }

  /** Adds a listener, if the promise accepts one, without replacing the promise. */
  static void tryListen(ChannelPromise promise, ChannelFutureListener listener) {
    try {
      promise.addListener(listener);
    } catch (RuntimeException unsupported) {
      // Only a cancellation is missed, which the transport honours where it can anyway.
    }
  }

  private Promises() {}
}
