package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * What is made of the frames of one stream. As a listener it learns what became of its last one.
 */
abstract class StreamObserver implements ChannelFutureListener {
  /** Headers that are not the first: those of an answer, or trailers. */
  abstract void headersRead(Http2Headers headers, boolean last);

  abstract void dataRead(int bytes, boolean last);

  abstract void resetRead(long code);

  /** A part of a body, or the end of one; returns the promise to write it with. */
  abstract ChannelPromise dataWritten(int bytes, boolean last, ChannelPromise promise);

  abstract void resetWritten(long code);

  /** A frame that cannot be understood came, or one that is not allowed. */
  abstract void failed(Throwable cause);

  /** The stream is closed, with everything read and written that there was. */
  abstract void closed();

  /** The connection is gone: what waits to be written will never be. */
  abstract void connectionGone();

  /** The host goes on without telemetry: how it ends is not known. */
  abstract void forgotten();

  /** Hears of the promise of a frame that ends the stream. */
  final ChannelPromise listen(ChannelPromise promise) {
    return Promises.listen(promise, this);
  }
}
