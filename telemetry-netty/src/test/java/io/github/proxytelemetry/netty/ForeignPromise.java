package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;

/**
 * Promise of a framework that accepts no listener. {@link #unvoid()} returns a promise that does,
 * as reactor-netty's promises do, or this promise again.
 */
final class ForeignPromise extends DefaultChannelPromise {
  private final boolean unvoidable;

  ForeignPromise(Channel channel, boolean unvoidable) {
    super(channel);
    this.unvoidable = unvoidable;
  }

  @Override
  public ChannelPromise unvoid() {
    if (!unvoidable) {
      return this;
    }
    return new DefaultChannelPromise(channel()) {
      @Override
      public ChannelPromise setSuccess(Void result) {
        super.setSuccess(null);
        ForeignPromise.this.setSuccess(null);
        return this;
      }

      @Override
      public boolean trySuccess(Void result) {
        return super.trySuccess(null) && ForeignPromise.this.trySuccess(null);
      }

      @Override
      public ChannelPromise setFailure(Throwable cause) {
        super.setFailure(cause);
        ForeignPromise.this.setFailure(cause);
        return this;
      }

      @Override
      public boolean tryFailure(Throwable cause) {
        return super.tryFailure(cause) && ForeignPromise.this.tryFailure(cause);
      }
    };
  }

  @Override
  public ChannelPromise addListener(
      GenericFutureListener<? extends Future<? super Void>> listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  @SafeVarargs
  @SuppressWarnings("varargs") // Not read.
  public final ChannelPromise addListeners(
      GenericFutureListener<? extends Future<? super Void>>... listeners) {
    throw new UnsupportedOperationException();
  }
}
